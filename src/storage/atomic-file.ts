/** @file Writes files so that a reader, a crash or a full disk never meets half of one. */
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './file-errors.ts';

let filesWritten = 0;

const temporaryName = /^\..+\.\d+-\d+\.tmp$/;

/**
 * Replaces a file as a whole: after a failure or a kill at any moment, the old content is still there.
 *
 * @throws SystemError (DISK_FULL, NOT_WRITABLE, FOLDER_NOT_FOUND, ...); nothing is left behind
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  await replaceFile(path, (handle) => handle.writeFile(content));
}

/**
 * The same for a file that is written piece by piece.
 *
 * @param write writes all of it; where it throws, the old content stays
 * @throws SystemError as writeFileAtomic, and what `write` throws of its own
 */
export async function replaceFile(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  filesWritten += 1;
  // In the same folder, because a rename is atomic only within one file system.
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${filesWritten}.tmp`);
  try {
    await writeSynced(temporary, write);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError('write', path, cause);
  }
}

async function writeSynced(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what killed processes left of unfinished atomic writes in a folder that nobody else writes to. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  try {
    const names = await readdir(folder);
    const leftovers = names.filter((name) => temporaryName.test(name));
    await Promise.all(leftovers.map((name) => rm(join(folder, name), { force: true })));
  } catch (cause) {
    throw fileError('write', folder, cause);
  }
}

/** The new name is on the disk only once its folder is; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
