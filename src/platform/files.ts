/** @file The file system, as far as we use it. */
import { createReadStream } from 'node:fs';
import * as fileSystem from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FileSystem } from './file-system.ts';

export type { FileHandle } from './file-system.ts';

const {
  appendFile,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  symlink,
  unlink,
  utimes,
  writeFile,
}: FileSystem = fileSystem;
/** A mode of copyFile: the copy shares its space with the original where the file system can do that. */
export const shareSpace: number = fileSystem.constants.COPYFILE_FICLONE;

/** What is in a file, read from the disk as it is taken. */
export async function contentStream(path: string): Promise<ReadableStream<Uint8Array>> {
  return Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
}

/**
 * Bytes that may be written to a folder, as far as so many are wanted.
 *
 * @throws Error ENOENT where there is no such folder
 */
export async function roomFor(folder: string, _wanted: number): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** How to have more room where there is too little. */
export const moreSpace =
  'free some space, or choose a folder on another disk (HF_HOME, for models of the hub)';

export {
  appendFile,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  symlink,
  unlink,
  utimes,
  writeFile,
};
