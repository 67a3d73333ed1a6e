/** @file Writes files so that a reader, a crash or a full disk never meets half of one. */
import { type FileHandle, open, readdir, rename, rm } from '../../platform/files.ts';
import { operatingSystem } from '../../platform/machine.ts';
import { dirname, join } from '../../platform/paths.ts';
import { fileError } from '../file-errors.ts';
import { isTemporaryName, sweepBeside, temporaryBeside } from './temporary.ts';

/**
 * Replaces a file as a whole: after a failure or a kill at any moment, the old content is still there. What earlier
 * writers left in its folder when they were killed is removed.
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
  const temporary = temporaryBeside(path);
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
    // Before it is written: the disk may be full of it.
    await sweepBeside(path);
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes unfinished atomic writes, whoever's, from a folder that nobody else writes to. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  try {
    const names = await readdir(folder);
    const leftovers = names.filter(isTemporaryName);
    const paths = leftovers.map((name) => join(folder, name));
    await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
  } catch (cause) {
    throw fileError('write', folder, cause);
  }
}

/** The new name is on the disk only once its folder is; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (operatingSystem === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
