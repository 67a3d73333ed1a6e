/** @file Sheets of thumbnails: many small pictures of one size in one WebP file. */
import { decodeImage, encodeWebp, type Image } from '../../../data/image.ts';
import { resize } from '../../../data/resize.ts';
import { cutFromGrid, tiledPictures } from '../../../data/tiled-pictures.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';

/** Longer sides are brought to this, in pixels: enough to see a subject, small enough to be kept by the hundred. */
const longestSide = 192;

/** A picture of a file, small. */
export async function readThumbnail(path: string): Promise<Image> {
  return thumbnailOf(await decodeImage(await readBytes(path), path));
}

function thumbnailOf(image: Image): Image {
  const scale = longestSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return resize(image, { width, height }, 'bicubic');
}

/** A sheet of thumbnails as a file. */
export async function encodeSheet(
  pictures: readonly Image[],
  columns: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return await encodeWebp(tiledPictures(pictures, columns));
}

/** Thumbnails out of a sheet's bytes, by their positions in reading order. */
export async function cutSheet(
  bytes: Uint8Array,
  where: string,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Promise<(position: number) => Image> {
  const sheet = await decodeImage(bytes, where);
  const size = { width: sheet.width / columns, height: sheet.height / rows };
  return (position) => cutFromGrid(sheet, size, position);
}
