/** @file What is in files: each content a file of the origin private file system, which is on the disk and not in memory. */
import { FileSystemError } from './file-system-error.ts';

/** The open content of a file. */
export interface Content {
  readonly size: number;
  /** @returns how many bytes there were */
  read(bytes: Uint8Array, position: number): Promise<number>;
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Waits until all of it is on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const place = 'diffusekrona';

let opening: Promise<FileSystemDirectoryHandle> | undefined;

function folder(): Promise<FileSystemDirectoryHandle> {
  opening ??= (async () => {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(place, { create: true });
  })();
  return opening;
}

/**
 * The content as a blob, which reads from the disk what is asked of it; undefined where there is none: nothing was
 * written yet, or it has been removed behind our back.
 */
export async function contentBlob(id: string): Promise<Blob | undefined> {
  try {
    return await (await (await folder()).getFileHandle(id)).getFile();
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return undefined;
    throw error;
  }
}

/** Opens a content to be read and written; one that is not there is empty. */
export async function openContent(id: string, path: string): Promise<Content> {
  try {
    const handle = await (await folder()).getFileHandle(id, { create: true });
    return new AccessedContent(await handle.createSyncAccessHandle(), path);
  } catch (cause) {
    const isFull = isNamed(cause, 'QuotaExceededError');
    throw new FileSystemError(isFull ? 'ENOSPC' : 'EBUSY', path, { cause });
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}

export async function removeContent(id: string): Promise<void> {
  await (await folder()).removeEntry(id).catch(() => {});
}

/** Removes all contents. @throws DOMException where one is open */
export async function removeAllContents(): Promise<void> {
  opening = undefined;
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) {
    if (name === place) await root.removeEntry(name, { recursive: true });
  }
}

export async function removeContents(ids: readonly string[]): Promise<void> {
  for (const id of ids) await removeContent(id);
}

/** Steps of halving until the space that is left is known well enough to be told. */
const halvings = 10;

/** Takes so much space for a moment. @returns the bytes that could be taken, at most so many */
export async function takeSpace(bytes: number): Promise<number> {
  const id = crypto.randomUUID();
  const content = await openContent(id, '/');
  const isThere = (size: number) =>
    content.truncate(size).then(
      () => true,
      () => false,
    );
  try {
    if (await isThere(bytes)) return bytes;
    let [taken, refused] = [0, bytes];
    for (let i = 0; i < halvings; i++) {
      const half = Math.floor((taken + refused) / 2);
      if (await isThere(half)) taken = half;
      else refused = half;
    }
    return taken;
  } finally {
    await content.close();
    await removeContent(id);
  }
}

/** The ids of all contents. */
export async function contentIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of (await folder()).keys()) ids.push(id);
  return ids;
}

/** A content of which this worker has the only access. */
class AccessedContent implements Content {
  readonly #access: FileSystemSyncAccessHandle;
  readonly #path: string;

  constructor(access: FileSystemSyncAccessHandle, path: string) {
    this.#access = access;
    this.#path = path;
  }

  get size(): number {
    return this.#access.getSize();
  }

  async read(bytes: Uint8Array<ArrayBuffer>, position: number): Promise<number> {
    return this.#access.read(bytes, { at: position });
  }

  async write(bytes: Uint8Array<ArrayBuffer>, position: number): Promise<void> {
    const written = this.#spending(() => this.#access.write(bytes, { at: position }));
    // Chromium gives the code of a failure as if it were a number of bytes, where it keeps files in memory.
    if (written !== bytes.length) throw new FileSystemError('ENOSPC', this.#path);
  }

  async truncate(size: number): Promise<void> {
    this.#spending(() => this.#access.truncate(size));
  }

  async flush(): Promise<void> {
    this.#spending(() => this.#access.flush());
  }

  async close(): Promise<void> {
    this.#access.close();
  }

  #spending<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      if (isNamed(cause, 'QuotaExceededError')) {
        throw new FileSystemError('ENOSPC', this.#path, { cause });
      }
      throw cause;
    }
  }
}

/** The content of a blob, which is only read. */
export class BlobContent implements Content {
  readonly #blob: Blob;
  readonly #path: string;

  constructor(blob: Blob, path: string) {
    this.#blob = blob;
    this.#path = path;
  }

  get size(): number {
    return this.#blob.size;
  }

  async read(bytes: Uint8Array, position: number): Promise<number> {
    const part = this.#blob.slice(position, position + bytes.length);
    try {
      bytes.set(new Uint8Array(await part.arrayBuffer()));
    } catch (cause) {
      // Removed or replaced since it was opened.
      if (isNamed(cause, 'NotFoundError'))
        throw new FileSystemError('ENOENT', this.#path, { cause });
      throw cause;
    }
    return part.size;
  }

  async write(): Promise<void> {
    throw new FileSystemError('EROFS', this.#path);
  }

  async truncate(): Promise<void> {
    throw new FileSystemError('EROFS', this.#path);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}
