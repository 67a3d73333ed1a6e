/** @file Folders for results. */
import { SystemError } from '../../base/errors.ts';
import { mkdir, readdir, rm } from '../../platform/files.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';

/** Makes a folder and those above it; one that exists is fine. The uppermost one that was made. */
export async function createFolder(path: string): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true });
  } catch (cause) {
    throw notAFolder(path, cause) ?? fileError('write', path, cause);
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return [];
    throw notAFolder(path, cause) ?? fileError('read', path, cause);
  }
}

/** A file stands where a folder is needed. */
function notAFolder(path: string, cause: unknown): SystemError | undefined {
  if (!['ENOTDIR', 'EEXIST'].includes(systemCodeOf(cause))) return undefined;
  return new SystemError(
    'NOT_A_FOLDER',
    `${path}: expected a folder, found that it is a file or lies below one; give the path of a folder`,
    { cause },
  );
}

/** Removes a file; one that is gone is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw fileError('write', path, cause);
  }
}

/** Removes a folder with everything in it; one that is gone is fine. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw fileError('write', path, cause);
  }
}
