/** @file Pictures of a sheet, a few in memory as they were drawn. */

import { Turns } from '../../../base/turns.ts';
import { decodeImage, type Image } from '../../../data/image.ts';
import { resize } from '../../../data/resize.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';

const turns = new Turns(2);

/** A picture that fits into a square; a smaller one is left as it is. */
export async function smallPicture(path: string, side: number): Promise<Image> {
  return await turns.take(async () => {
    const image = await decodeImage(await readBytes(path), path);
    const scale = side / Math.max(image.width, image.height);
    if (scale >= 1) return image;
    const scaled = (length: number) => Math.max(1, Math.round(length * scale));
    const size = { width: scaled(image.width), height: scaled(image.height) };
    return resize(image, size, 'lanczos');
  });
}
