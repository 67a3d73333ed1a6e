/** @file An open file. */
import type { FileHandle, FileStats } from '../../file-system.ts';
import type { Content } from './contents.ts';
import { FileSystemError } from './file-system-error.ts';

export interface OpenFileOptions {
  readonly content: Content;
  readonly path: string;
  /** Whether all that is written goes to the end. */
  readonly appends: boolean;
  readonly stat: (size: number) => Promise<FileStats>;
  /** Called with the size of what was written, when it is to be kept. */
  readonly keep: (size: number) => Promise<void>;
}

export class OpenFile implements FileHandle {
  readonly #options: OpenFileOptions;
  /** Where the last writing ended. */
  #position = 0;
  #isChanged = false;

  constructor(options: OpenFileOptions) {
    this.#options = options;
  }

  async read(bytes: Uint8Array, offset: number, length: number, position: number) {
    const wanted = bytes.subarray(offset, offset + length);
    return { bytesRead: await this.#options.content.read(wanted, position) };
  }

  async write(content: Uint8Array | string, ...where: (number | undefined)[]) {
    if (typeof content === 'string') {
      const [position] = where;
      return await this.#put(new TextEncoder().encode(content), position);
    }
    const [offset = 0, length = content.length - offset, position] = where;
    return await this.#put(content.subarray(offset, offset + length), position);
  }

  async writeFile(content: Uint8Array | string): Promise<void> {
    await this.write(content);
  }

  async appendFile(content: Uint8Array | string): Promise<void> {
    await this.write(content);
  }

  async #put(bytes: Uint8Array, wanted: number | undefined) {
    const { content, appends } = this.#options;
    const position = appends ? content.size : (wanted ?? this.#position);
    await content.write(bytes, position);
    this.#position = position + bytes.length;
    this.#isChanged = true;
    return { bytesWritten: bytes.length };
  }

  async truncate(size: number): Promise<void> {
    await this.#options.content.truncate(size);
    this.#isChanged = true;
  }

  async stat(): Promise<FileStats> {
    return await this.#options.stat(this.#options.content.size);
  }

  /** Nobody else reads what a page keeps. */
  async chmod(): Promise<void> {}

  async sync(): Promise<void> {
    await this.#options.content.flush();
    await this.#keep();
  }

  async close(): Promise<void> {
    try {
      await this.#keep();
    } finally {
      await this.#options.content.close();
    }
  }

  async #keep(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    await this.#options.keep(this.#options.content.size);
  }
}

/** A folder, which is opened for nothing but to be waited for. */
export class OpenFolder implements FileHandle {
  readonly #path: string;
  readonly #stats: FileStats;

  constructor(path: string, stats: FileStats) {
    this.#path = path;
    this.#stats = stats;
  }

  async stat(): Promise<FileStats> {
    return this.#stats;
  }

  async chmod(): Promise<void> {}
  async sync(): Promise<void> {}
  async close(): Promise<void> {}

  read = this.#refuse;
  write = this.#refuse;
  writeFile = this.#refuse;
  appendFile = this.#refuse;
  truncate = this.#refuse;

  async #refuse(): Promise<never> {
    throw new FileSystemError('EISDIR', this.#path);
  }
}
