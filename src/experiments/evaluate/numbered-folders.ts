/** @file Pictures by prompt: a folder for each, whose name is its number, or begins with it where another tool made them. */
import { DataError } from '../../base/errors.ts';
import { join } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { pictureFiles } from '../benchmark/picture-files.ts';

/** The folder of a prompt by its index: `01` for the first. */
export function numbered(i: number): string {
  return String(i + 1).padStart(2, '0');
}

/**
 * Files of the pictures of every prompt, in their order.
 *
 * @param prompts as a user knows them, for messages
 * @param note hears what of a folder is left out
 * @throws DataError PICTURES_MISSING where a prompt has no folder, PICTURES_TOO_MANY where a folder has no prompt
 */
export async function numberedPictures(
  folder: string,
  prompts: readonly string[],
  note?: (message: string) => void,
): Promise<readonly (readonly string[])[]> {
  const files: (readonly string[])[] = [];
  for (const place of await numberedFolders(folder, prompts)) {
    files.push(await pictureFiles(place, note));
  }
  return files;
}

/** The folder of every prompt: `01`, `02-in-the-snow`, ... */
async function numberedFolders(
  folder: string,
  prompts: readonly string[],
): Promise<readonly string[]> {
  const folders = new Map<number, string>();
  for (const entry of await namesIn(folder)) {
    const digits = /^\d+(?![^\s._-])/.exec(entry)?.[0];
    if (digits !== undefined) folders.set(Number(digits), join(folder, entry));
  }
  const beyond = [...folders.keys()].find((number) => number < 1 || number > prompts.length);
  if (beyond !== undefined) {
    throw new DataError(
      'PICTURES_TOO_MANY',
      `${folders.get(beyond)}: there is no prompt ${beyond} for this subject, its list ends at ${prompts.length}; give the prompts that the pictures were made with`,
    );
  }
  return prompts.map((prompt, i) => {
    const place = folders.get(i + 1);
    if (place !== undefined) return place;
    throw new DataError(
      'PICTURES_MISSING',
      `${folder}: expected a folder ${numbered(i)} with the pictures of "${prompt}", found ${folders.size === 0 ? 'no numbered folder' : `${folders.size} of ${prompts.length}`}; make the pictures, or shorten the list of prompts`,
    );
  });
}
