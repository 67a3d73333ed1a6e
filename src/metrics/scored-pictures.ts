/** @file Pictures as evaluation reads them. */
import { decodeImage, type Image } from '../data/image.ts';
import { readBytes } from '../storage/files/binary-file.ts';

/**
 * Decodes pictures one after the other; transparency is dropped, as the encoders' own image readers do.
 *
 * @throws DataError IMAGE_UNREADABLE, or SystemError
 */
export async function readPictures(paths: readonly string[]): Promise<Image[]> {
  const pictures: Image[] = [];
  for (const path of paths) {
    pictures.push(await decodeImage(await readBytes(path), path, { alpha: 'drop' }));
  }
  return pictures;
}
