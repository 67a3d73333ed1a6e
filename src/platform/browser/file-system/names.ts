/** @file The names of files and folders, in IndexedDB: what changes together changes in one transaction, or not at all. */
import { dirname } from '../paths.ts';
import { FileSystemError } from './file-system-error.ts';

/** A file or folder. */
export interface Named {
  readonly path: string;
  /** The id of a file's content, which several names may share; undefined of a folder. */
  readonly content: string | undefined;
  readonly size: number;
  /** Milliseconds since 1970 began. */
  readonly modified: number;
  /** A number that no other file or folder had before. */
  readonly inode: number;
}

const database = 'diffusekrona';
const table = 'names';

let opening: Promise<IDBDatabase> | undefined;

function opened(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(table, { keyPath: 'path' });
      store.createIndex('content', 'content');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Milliseconds within which the workers of a page that was left are gone, and their databases closed. */
const goneWithin = 5000;

/** Removes all names. @throws Error where another worker keeps its database open */
export async function removeNames(): Promise<void> {
  opening = undefined;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(database);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () =>
      setTimeout(
        () => reject(new Error('another tab works with the files of this page')),
        goneWithin,
      );
  });
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All names, as one transaction sees them. */
export class Names {
  readonly #store: IDBObjectStore;

  constructor(store: IDBObjectStore) {
    this.#store = store;
  }

  async find(path: string): Promise<Named | undefined> {
    if (path === '/') return { path, content: undefined, size: 0, modified: 0, inode: 0 };
    return await resultOf<Named | undefined>(this.#store.get(path));
  }

  /** @throws FileSystemError ENOENT; ENOTDIR where a file stands above it */
  async get(path: string): Promise<Named> {
    const found = await this.find(path);
    if (found !== undefined) return found;
    const parent = path === '/' ? undefined : await this.find(dirname(path));
    throw new FileSystemError(parent?.content === undefined ? 'ENOENT' : 'ENOTDIR', path);
  }

  /** What is in a folder and in those below it, in order of the paths. */
  async under(folder: string): Promise<Named[]> {
    const start = folder === '/' ? '/' : `${folder}/`;
    // The character after the slash.
    const end = `${start.slice(0, -1)}0`;
    return await resultOf<Named[]>(this.#store.getAll(IDBKeyRange.bound(start, end, true, true)));
  }

  async put(named: Named): Promise<void> {
    await resultOf(this.#store.put(named));
  }

  async remove(path: string): Promise<void> {
    await resultOf(this.#store.delete(path));
  }

  /** All names of a content. */
  async ofContent(content: string): Promise<Named[]> {
    return await resultOf<Named[]>(this.#store.index('content').getAll(content));
  }
}

/**
 * Looks at names, or changes them. Between the first look and the last change nobody else changes any.
 *
 * @param work may wait for nothing but the names it is given
 */
export async function withNames<Result>(
  mode: 'readonly' | 'readwrite',
  work: (names: Names) => Promise<Result>,
): Promise<Result> {
  const transaction = (await opened()).transaction(table, mode, { durability: 'relaxed' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  try {
    const result = await work(new Names(transaction.objectStore(table)));
    await done;
    return result;
  } catch (error) {
    done.catch(() => {});
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw isFull ? new FileSystemError('ENOSPC', '/', { cause: error }) : error;
  }
}

/** The name of a file or folder that is made now. */
export function newName(path: string, content: string | undefined, size = 0): Named {
  return {
    path,
    content,
    size,
    modified: Date.now(),
    inode: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  };
}

/** @throws FileSystemError ENOTDIR, ENOENT */
export async function requireFolder(names: Names, path: string): Promise<void> {
  const { content } = await names.get(path);
  if (content !== undefined) throw new FileSystemError('ENOTDIR', path);
}

/** Those of contents that have no name any more. */
export async function withoutNames(names: Names, contents: readonly string[]): Promise<string[]> {
  const free: string[] = [];
  for (const id of contents) if ((await names.ofContent(id)).length === 0) free.push(id);
  return free;
}
