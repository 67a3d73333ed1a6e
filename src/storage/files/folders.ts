/** @file Folders for results. */
import { mkdir, readdir, rm } from '../../platform/files.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';

/** Makes a folder and those above it; one that exists is fine. */
export async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw fileError('write', path, cause);
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return [];
    throw fileError('read', path, cause);
  }
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
