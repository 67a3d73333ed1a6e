/** @file Writes files so that a reader, a crash or a full disk never meets half of one. */
import { type FileHandle, link, open, readdir, rename, rm } from '../../platform/files.ts';
import { operatingSystem } from '../../platform/machine.ts';
import { dirname, join } from '../../platform/paths.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';
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
  await writeBeside(path, write, rename);
}

/**
 * Writes a file where none is: of several writers of one name, whoever they are, the first has it.
 *
 * @throws SystemError FILE_EXISTS where something has the name, which stays as it is; else as writeFileAtomic
 */
export async function writeNewFile(path: string, content: Uint8Array | string): Promise<void> {
  await createFile(path, (handle) => handle.writeFile(content));
}

/**
 * The same for a file that is written piece by piece.
 *
 * @throws SystemError as writeNewFile, and what `write` throws of its own
 */
export async function createFile(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  await writeBeside(path, write, moveToFreeName);
}

/** Writes a temporary file and gives it its name by `place`. */
async function writeBeside(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
  place: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = temporaryBeside(path);
  try {
    await writeSynced(temporary, write);
    await place(temporary, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError('write', path, cause);
  }
}

/** A link to a name that is taken fails, where a rename replaces; some file systems have no links. */
async function moveToFreeName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    if (systemCodeOf(cause) === 'EEXIST') throw cause;
    await (await open(path, 'wx')).close();
    await rename(temporary, path);
    return;
  }
  await rm(temporary, { force: true });
}

async function writeSynced(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  // Also to be read, by whoever checks what came before it gets its name.
  const handle = await open(path, 'w+');
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
