/** @file Writes the files of a new folder so that it appears with all of them or not at all. */
import { RunError } from '../../base/errors.ts';
import { rename, rmdir } from '../../platform/files.ts';
import { dirname, resolve } from '../../platform/paths.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { createFolder, namesIn, removeFolder } from './folders.ts';
import { pathInside } from './path-inside.ts';
import { sweepBeside, temporaryBeside } from './temporary.ts';

/**
 * Makes a folder with files in it.
 *
 * @param files by path in the folder, with forward slashes
 * @throws RunError FOLDER_NOT_EMPTY
 * @throws SystemError where it cannot be written; nothing is left behind
 */
export async function writeFolderAtomic(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await makeFolder(path, async (folder) => {
    for (const [name, content] of files) {
      const file = pathInside(folder, name, path);
      await createFolder(dirname(file));
      await writeFileAtomic(file, content);
    }
  });
}

/**
 * The same for files that are written by whoever knows how.
 *
 * @param fill is given a folder beside `path` that becomes it
 * @throws RunError FOLDER_NOT_EMPTY
 * @throws SystemError as writeFolderAtomic, and what `fill` throws of its own
 */
export async function makeFolder(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const target = resolve(path);
  const [found] = await namesIn(target);
  if (found !== undefined) {
    throw new RunError(
      'FOLDER_NOT_EMPTY',
      `${path} is not empty (it holds ${found}); choose a new folder`,
    );
  }
  const temporary = temporaryBeside(target);
  try {
    await createFolder(temporary);
    // Before it is filled: the disk may be full of it.
    await sweepBeside(temporary);
    await fill(temporary);
    await removeEmptyFolder(target);
    await rename(temporary, target);
  } catch (cause) {
    await removeFolder(temporary);
    throw fileError('write', path, cause);
  }
}

async function removeEmptyFolder(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (cause) {
    if (systemCodeOf(cause) !== 'ENOENT') throw cause;
  }
}
