/** @file The file system of a page: names in IndexedDB, contents in the origin private file system. For workers. */
import type { DirectoryEntry, FileHandle, FileStats, FileSystem } from '../file-system.ts';
import {
  BlobContent,
  contentBlob,
  contentIds,
  openContent,
  removeContent,
} from './file-system/contents.ts';
import { FileSystemError } from './file-system/file-system-error.ts';
import { givenBelow, givenFile, isGivenPlace } from './file-system/given-files.ts';
import { type Named, type Names, withNames } from './file-system/names.ts';
import { OpenFile, OpenFolder } from './file-system/open-file.ts';
import { basename, dirname, resolve } from './paths.ts';

export type { FileHandle } from '../file-system.ts';

/** A mode of copyFile, which no page needs. */
export const shareSpace = 0;

const statsOf = ({ size, modified, inode, content }: Omit<Named, 'path'>): FileStats => ({
  ...{ size, mtimeMs: modified, ino: inode },
  isFile: () => content !== undefined,
  isDirectory: () => content === undefined,
});

const folderStats = statsOf({ size: 0, modified: 0, inode: 0, content: undefined });

const newInode = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

function named(path: string, content: string | undefined, size = 0): Named {
  return { path, content, size, modified: Date.now(), inode: newInode() };
}

export const stat: FileSystem['stat'] = async (given) => {
  const path = resolve(given);
  const file = await givenFile(path);
  if (file !== undefined) return statsOf({ ...file, inode: 0, content: path });
  if ((await givenBelow(path)) !== undefined) return folderStats;
  return statsOf(await withNames('readonly', (names) => names.get(path)));
};

/** There are no links. */
export const lstat = stat;

export const realpath: FileSystem['realpath'] = async (path) => {
  await stat(path);
  return resolve(path);
};

/** The file's content, streamed from the disk by whoever reads the blob. */
export async function blobOf(given: string): Promise<Blob> {
  const path = resolve(given);
  const file = await givenFile(path);
  if (file !== undefined) return await file.blob();
  const { content } = await withNames('readonly', (names) => names.get(path));
  if (content === undefined) throw new FileSystemError('EISDIR', path);
  return await contentBlob(content);
}

/** What is in a file, read from the disk as it is taken. */
export async function contentStream(path: string): Promise<ReadableStream<Uint8Array>> {
  return (await blobOf(path)).stream();
}

async function readFileOf(path: string): Promise<Uint8Array>;
async function readFileOf(path: string, encoding: 'utf8'): Promise<string>;
async function readFileOf(path: string, encoding?: 'utf8'): Promise<Uint8Array | string> {
  const blob = await blobOf(path);
  return encoding === undefined ? new Uint8Array(await blob.arrayBuffer()) : await blob.text();
}

export const readFile: FileSystem['readFile'] = readFileOf;

export const open: FileSystem['open'] = async (given, flags): Promise<FileHandle> => {
  const path = resolve(given);
  if (isGivenPlace(path)) {
    if (flags !== 'r') throw new FileSystemError('EROFS', path);
    return opened(path, new BlobContent(await blobOf(path), path), false);
  }
  if (flags === 'r') {
    const found = await withNames('readonly', (names) => names.get(path));
    if (found.content === undefined) return new OpenFolder(path, statsOf(found));
    return opened(path, new BlobContent(await contentBlob(found.content), path), false);
  }
  const content = await withNames('readwrite', (names) => toWrite(names, path, flags));
  const file = await openContent(content, path);
  if (flags.startsWith('w')) await file.truncate(0);
  return opened(path, file, flags.startsWith('a'));
};

/** The content that a file has, or gets, which is opened to be written. */
async function toWrite(names: Names, path: string, flags: string): Promise<string> {
  const found = await names.find(path);
  if (found === undefined) {
    if (flags.startsWith('r')) await names.get(path);
    await requireFolder(names, dirname(path));
    const content = crypto.randomUUID();
    await names.put(named(path, content));
    return content;
  }
  if (flags.includes('x')) throw new FileSystemError('EEXIST', path);
  if (found.content === undefined) throw new FileSystemError('EISDIR', path);
  return found.content;
}

function opened(path: string, content: OpenedContent, appends: boolean): FileHandle {
  return new OpenFile({
    ...{ path, content, appends },
    stat: async (size) => {
      const found = isGivenPlace(path) ? undefined : await findNamed(path);
      return found === undefined
        ? statsOf({ size, modified: 0, inode: 0, content: path })
        : statsOf({ ...found, size });
    },
    keep: (size) => keepSize(path, size),
  });
}

type OpenedContent = Awaited<ReturnType<typeof openContent>>;

const findNamed = (path: string) => withNames('readonly', (names) => names.find(path));

/** Every name of a content has its size. */
async function keepSize(path: string, size: number): Promise<void> {
  await withNames('readwrite', async (names) => {
    const found = await names.find(path);
    // Removed meanwhile.
    if (found?.content === undefined) return;
    for (const name of await names.ofContent(found.content)) {
      await names.put({ ...name, size, modified: Date.now() });
    }
  });
}

export const writeFile: FileSystem['writeFile'] = async (path, content) => {
  await written(path, 'w', content);
};

export const appendFile: FileSystem['appendFile'] = async (path, content) => {
  await written(path, 'a', content);
};

async function written(path: string, flags: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

export const mkdir: FileSystem['mkdir'] = async (given, { recursive }) => {
  const path = resolve(given);
  if (isGivenPlace(path)) throw new FileSystemError('EROFS', path);
  return await withNames('readwrite', async (names) => {
    const missing: string[] = [];
    for (let at = path; (await names.find(at)) === undefined; at = dirname(at)) missing.push(at);
    const parent = dirname(missing.at(-1) ?? path);
    if (missing.length === 0 && !recursive) throw new FileSystemError('EEXIST', path);
    if (missing.length > 1 && !recursive) throw new FileSystemError('ENOENT', path);
    await requireFolder(names, missing.length === 0 ? path : parent);
    for (const each of missing) await names.put(named(each, undefined));
    return recursive ? missing.at(-1) : undefined;
  });
};

async function requireFolder(names: Names, path: string): Promise<void> {
  const { content } = await names.get(path);
  if (content !== undefined) throw new FileSystemError('ENOTDIR', path);
}

export const mkdtemp: FileSystem['mkdtemp'] = async (prefix) => {
  const path = resolve(`${prefix}${crypto.randomUUID().slice(0, 8)}`);
  await mkdir(dirname(path), { recursive: true });
  await mkdir(path, { recursive: false });
  return path;
};

/** All entries below a folder, or those in it. */
async function entriesOf(given: string, isRecursive: boolean): Promise<Entry[]> {
  const folder = resolve(given);
  const entries = [...((await givenEntries(folder)) ?? (await keptEntries(folder)))];
  return isRecursive ? entries : entries.filter(({ path }) => dirname(path) === folder);
}

interface Entry {
  readonly path: string;
  readonly isFile: boolean;
}

async function givenEntries(folder: string): Promise<Entry[] | undefined> {
  const files = await givenBelow(folder);
  if (files === undefined) return undefined;
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = dirname(file); at !== folder; at = dirname(at)) folders.add(at);
  }
  return [
    ...[...folders].map((path) => ({ path, isFile: false })),
    ...files.map((path) => ({ path, isFile: true })),
  ];
}

async function keptEntries(folder: string): Promise<Entry[]> {
  return await withNames('readonly', async (names) => {
    await requireFolder(names, folder);
    const found = await names.under(folder);
    return found.map(({ path, content }) => ({ path, isFile: content !== undefined }));
  });
}

interface Listing {
  readonly recursive?: boolean;
  readonly withFileTypes?: boolean;
  readonly encoding?: 'buffer';
}

async function listed(given: string, { recursive = false, withFileTypes, encoding }: Listing = {}) {
  const folder = resolve(given);
  const entries = await entriesOf(folder, recursive);
  if (!withFileTypes) {
    const start = folder === '/' ? 1 : folder.length + 1;
    return entries.map(({ path }) => path.slice(start));
  }
  return entries.map(({ path, isFile }): DirectoryEntry<string | Uint8Array> => {
    const name = basename(path);
    return {
      name: encoding === 'buffer' ? new TextEncoder().encode(name) : name,
      parentPath: dirname(path),
      isFile: () => isFile,
      isDirectory: () => !isFile,
    };
  });
}

/** What is listed has the form that is asked for. */
export const readdir = listed as FileSystem['readdir'];

export const rename: FileSystem['rename'] = async (givenFrom, givenTo) => {
  const [from, to] = [resolve(givenFrom), resolve(givenTo)];
  const replaced = await withNames('readwrite', async (names) => {
    const moved = await names.get(from);
    await requireFolder(names, dirname(to));
    const old = from === to ? undefined : await names.find(to);
    if (old !== undefined) await requireReplaceable(names, moved, old);
    for (const name of [moved, ...(await names.under(from))]) {
      await names.remove(name.path);
      await names.put({ ...name, path: to + name.path.slice(from.length) });
    }
    return old?.content === undefined ? [] : await withoutNames(names, [old.content]);
  });
  await removeContents(replaced);
};

async function requireReplaceable(names: Names, moved: Named, old: Named): Promise<void> {
  if (old.content !== undefined) {
    if (moved.content === undefined) throw new FileSystemError('ENOTDIR', old.path);
    return;
  }
  if (moved.content !== undefined) throw new FileSystemError('EISDIR', old.path);
  if ((await names.under(old.path)).length > 0) throw new FileSystemError('ENOTEMPTY', old.path);
}

/** Those of contents that have no name any more. */
async function withoutNames(names: Names, contents: readonly string[]): Promise<string[]> {
  const free: string[] = [];
  for (const id of contents) if ((await names.ofContent(id)).length === 0) free.push(id);
  return free;
}

async function removeContents(ids: readonly string[]): Promise<void> {
  for (const id of ids) await removeContent(id);
}

export const rm: FileSystem['rm'] = async (given, { recursive = false, force = false } = {}) => {
  const path = resolve(given);
  if (isGivenPlace(path)) throw new FileSystemError('EROFS', path);
  const freed = await withNames('readwrite', async (names) => {
    const found = force ? await names.find(path) : await names.get(path);
    if (found === undefined) return [];
    if (found.content === undefined && !recursive) throw new FileSystemError('EISDIR', path);
    const all = [found, ...(await names.under(path))];
    for (const each of all) await names.remove(each.path);
    return await withoutNames(names, [...new Set(all.flatMap(({ content }) => content ?? []))]);
  });
  await removeContents(freed);
};

export const unlink: FileSystem['unlink'] = (path) => rm(path);

export const rmdir: FileSystem['rmdir'] = async (given) => {
  const path = resolve(given);
  await withNames('readwrite', async (names) => {
    await requireFolder(names, path);
    if ((await names.under(path)).length > 0) throw new FileSystemError('ENOTEMPTY', path);
    await names.remove(path);
  });
};

/** Both are names of one content from then on. */
export const link: FileSystem['link'] = async (existing, given) => {
  const path = resolve(given);
  await withNames('readwrite', async (names) => {
    const found = await names.get(resolve(existing));
    if (found.content === undefined) throw new FileSystemError('EPERM', existing);
    if ((await names.find(path)) !== undefined) throw new FileSystemError('EEXIST', path);
    await requireFolder(names, dirname(path));
    await names.put({ ...found, path });
  });
};

export const symlink: FileSystem['symlink'] = async (_, path) => {
  throw new FileSystemError('EPERM', path);
};

export const copyFile: FileSystem['copyFile'] = async (from, to) => {
  const blob = await blobOf(from);
  const handle = await open(to, 'w');
  try {
    for await (const part of blob.stream()) await handle.writeFile(part);
  } finally {
    await handle.close();
  }
};

export const utimes: FileSystem['utimes'] = async (given, _, modified) => {
  await withNames('readwrite', async (names) => {
    await names.put({ ...(await names.get(resolve(given))), modified: modified * 1000 });
  });
};

export const statfs: FileSystem['statfs'] = async () => {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { bavail: Math.max(0, quota - usage), bsize: 1 };
};

/** Removes contents that lost their name when a tab was closed at that moment. */
export async function sweepContents(): Promise<void> {
  const ids = await contentIds();
  await removeContents(await withNames('readonly', (names) => withoutNames(names, ids)));
}
