/** @file Paths of the pictures in a folder. */
import { listImageFolder } from '../../data/image-folder.ts';
import { picturesFolder } from '../../data/pocket.ts';
import { join } from '../../platform/paths.ts';

/**
 * Files of the pictures in a folder, in natural order; `pocket/teapot` names a bundled subject's.
 *
 * @param note hears what of the folder is left out, hidden files aside
 * @throws DataError where the folder is missing or holds no picture
 */
export async function pictureFiles(
  named: string,
  note?: (message: string) => void,
): Promise<readonly string[]> {
  const folder = await picturesFolder(named);
  const { names, skipped } = await listImageFolder(folder);
  for (const { name, reason } of skipped) {
    if (!name.startsWith('.')) note?.(`skipped ${join(folder, name)}: ${reason}`);
  }
  return names.map((name) => join(folder, name));
}
