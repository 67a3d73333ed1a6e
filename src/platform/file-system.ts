/** @file What the library asks of a file system, which Node has and a browser can have. */

/** What is at a path. */
export interface FileStats {
  /** Bytes. */
  readonly size: number;
  /** When it was last written, in milliseconds since 1970 began. */
  readonly mtimeMs: number;
  /** A number that tells it from all others of its file system. */
  readonly ino: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** A name in a folder. */
export interface DirectoryEntry<Name = string> {
  readonly name: Name;
  /** The folder. */
  readonly parentPath: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** An open file. */
export interface FileHandle {
  /** @param position from the file's beginning */
  read(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  /** Writes bytes, or a text as UTF-8, at a position of the file; at the end of one that was opened to be appended to. */
  write(text: string, position?: number): Promise<{ readonly bytesWritten: number }>;
  write(
    bytes: Uint8Array,
    offset?: number,
    length?: number,
    position?: number,
  ): Promise<{ readonly bytesWritten: number }>;
  /** Writes all of it where the last one ended. */
  writeFile(content: Uint8Array | string): Promise<void>;
  appendFile(content: Uint8Array | string): Promise<void>;
  truncate(size: number): Promise<void>;
  stat(): Promise<FileStats>;
  chmod(mode: number): Promise<void>;
  /** Waits until all of it is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Recursive {
  readonly recursive: boolean;
}

export interface Removal {
  readonly recursive?: boolean;
  /** What is not there is no error. */
  readonly force?: boolean;
}

export interface ReadDirectory {
  (path: string, options?: Recursive): Promise<string[]>;
  (
    path: string,
    options: { readonly withFileTypes: true; readonly encoding: 'buffer' },
  ): Promise<DirectoryEntry<Uint8Array>[]>;
  (
    path: string,
    options: { readonly withFileTypes: true; readonly recursive: true },
  ): Promise<DirectoryEntry[]>;
}

export interface ReadFile {
  (path: string): Promise<Uint8Array>;
  (path: string, encoding: 'utf8'): Promise<string>;
}

/** As node:fs/promises; what fails rejects with an Error that has the system's `code`, such as ENOENT. */
export interface FileSystem {
  readonly appendFile: (path: string, content: Uint8Array) => Promise<void>;
  readonly copyFile: (from: string, to: string, mode?: number) => Promise<void>;
  readonly link: (existing: string, path: string) => Promise<void>;
  readonly lstat: (path: string) => Promise<FileStats>;
  readonly mkdir: (path: string, options: Recursive) => Promise<string | undefined>;
  readonly mkdtemp: (prefix: string) => Promise<string>;
  readonly open: (path: string, flags: string) => Promise<FileHandle>;
  readonly readdir: ReadDirectory;
  readonly readFile: ReadFile;
  readonly realpath: (path: string) => Promise<string>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly rm: (path: string, options?: Removal) => Promise<void>;
  readonly rmdir: (path: string) => Promise<void>;
  readonly stat: (path: string) => Promise<FileStats>;
  readonly statfs: (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;
  readonly symlink: (target: string, path: string) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
  /** @param modified in seconds since 1970 began */
  readonly utimes: (path: string, accessed: number, modified: number) => Promise<void>;
  readonly writeFile: (path: string, content: Uint8Array | string) => Promise<void>;
}
