/** @file Paths of the pictures in a folder. */
import { join } from 'node:path';
import { listImageFolder } from '../../data/image-folder.ts';

/**
 * Files of the pictures in a folder, in natural order.
 *
 * @throws DataError where the folder is missing or holds no picture
 */
export async function pictureFiles(folder: string): Promise<readonly string[]> {
  return (await listImageFolder(folder)).names.map((name) => join(folder, name));
}
