/** @file Reading files and folders of a page: those that it keeps, and those that it was given. */
import type { DirectoryEntry, FileStats, FileSystem } from '../../file-system.ts';
import { basename, dirname, resolve } from '../paths.ts';
import { contentBlob } from './contents.ts';
import { FileSystemError } from './file-system-error.ts';
import { givenBelow, givenFile, isGivenPlace } from './given-files.ts';
import { type Named, requireFolder, withNames } from './names.ts';

export const statsOf = ({ size, modified, inode, content }: Omit<Named, 'path'>): FileStats => ({
  ...{ size, mtimeMs: modified, ino: inode },
  isFile: () => content !== undefined,
  isDirectory: () => content === undefined,
});

const folderStats = statsOf({ size: 0, modified: 0, inode: 0, content: undefined });

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
  return await keptBlob(await withNames('readonly', (names) => names.get(path)));
}

/** @throws FileSystemError EISDIR of a folder; ENODATA where the browser has removed the content */
export async function keptBlob({ path, content, size }: Named): Promise<Blob> {
  if (content === undefined) throw new FileSystemError('EISDIR', path);
  const blob = await contentBlob(content);
  if (blob === undefined && size > 0) throw new FileSystemError('ENODATA', path);
  return blob ?? new Blob();
}

/** What is in a file, read from the disk as it is taken. */
export async function contentStream(path: string): Promise<ReadableStream<Uint8Array>> {
  return (await blobOf(path)).stream();
}

async function readFileOf(path: string): Promise<Uint8Array>;
async function readFileOf(path: string, encoding: 'utf8'): Promise<string>;
async function readFileOf(given: string, encoding?: 'utf8'): Promise<Uint8Array | string> {
  const path = resolve(given);
  return await withBlob(path, async (blob) =>
    encoding === undefined ? new Uint8Array(await blob.arrayBuffer()) : await blob.text(),
  );
}

/** Takes what is in a file, anew where it gets another content in the middle: what was replaced is not there any more. */
async function withBlob<Taken>(path: string, take: (blob: Blob) => Promise<Taken>): Promise<Taken> {
  if (isGivenPlace(path)) return await take(await blobOf(path));
  for (;;) {
    const found = await withNames('readonly', (names) => names.get(path));
    try {
      return await take(await keptBlob(found));
    } catch (error) {
      const now = await withNames('readonly', (names) => names.find(path));
      if (now?.content === found.content) throw error;
    }
  }
}

export const readFile: FileSystem['readFile'] = readFileOf;

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
