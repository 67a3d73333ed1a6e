/** @file Opening files of a page, and writing them. */
import type { FileHandle, FileSystem } from '../../file-system.ts';
import { dirname, resolve } from '../paths.ts';
import { BlobContent, openContent } from './contents.ts';
import { FileSystemError } from './file-system-error.ts';
import { isGivenPlace } from './given-files.ts';
import { type Names, newName, requireFolder, withNames } from './names.ts';
import { OpenFile, OpenFolder } from './open-file.ts';
import { blobOf, keptBlob, statsOf } from './reading.ts';

export const open: FileSystem['open'] = async (given, flags): Promise<FileHandle> => {
  const path = resolve(given);
  if (isGivenPlace(path)) {
    if (flags !== 'r') throw new FileSystemError('EROFS', path);
    return opened(path, new BlobContent(await blobOf(path), path), false);
  }
  if (flags === 'r') {
    const found = await withNames('readonly', (names) => names.get(path));
    if (found.content === undefined) return new OpenFolder(path, statsOf(found));
    return opened(path, new BlobContent(await keptBlob(found), path), false);
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
    await names.put(newName(path, content));
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

export const copyFile: FileSystem['copyFile'] = async (from, to) => {
  const blob = await blobOf(from);
  const handle = await open(to, 'w');
  try {
    for await (const part of blob.stream()) await handle.writeFile(part);
  } finally {
    await handle.close();
  }
};
