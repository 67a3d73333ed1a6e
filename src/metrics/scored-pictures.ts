/** @file Pictures as evaluation reads them. */
import { decodeImage, type Image, type PicturesByName } from '../data/image.ts';
import { readBytes } from '../storage/files/binary-file.ts';

/**
 * Decodes pictures one after the other; transparency is dropped, as the encoders' own image readers do.
 *
 * @param given bytes of those that are no files
 * @throws DataError IMAGE_UNREADABLE, or SystemError
 */
export async function readPictures(
  paths: readonly string[],
  given: PicturesByName = new Map(),
): Promise<Image[]> {
  const pictures: Image[] = [];
  for (const path of paths) {
    const bytes = given.get(path) ?? (await readBytes(path));
    pictures.push(await decodeImage(bytes, path, { alpha: 'drop' }));
  }
  return pictures;
}
