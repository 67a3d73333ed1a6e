/** @file Sheets of many pictures, enlarged pixel by pixel, to look at. */
import { type Image, pngOf } from '../../src/platform/pictures.ts';

/** Between pictures, in pixels of the sheet. */
const gap = 4;

/**
 * A PNG of rows of pictures.
 *
 * @param pictures RGB bytes of [size, size, 3] each
 * @param columns pictures in a row
 * @param enlarged pixels of the sheet for one of a picture
 */
export function sheetOf(
  pictures: readonly Uint8Array[],
  columns: number,
  size = 64,
  enlarged = 3,
): Promise<Uint8Array<ArrayBuffer>> {
  const step = size * enlarged + gap;
  const width = columns * step + gap;
  const height = Math.ceil(pictures.length / columns) * step + gap;
  const sheet: Image = { width, height, data: new Uint8Array(3 * width * height).fill(255) };
  for (const [i, picture] of pictures.entries()) {
    const left = gap + (i % columns) * step;
    const top = gap + Math.floor(i / columns) * step;
    for (let y = 0; y < size * enlarged; y++) {
      for (let x = 0; x < size * enlarged; x++) {
        const from = 3 * (Math.floor(y / enlarged) * size + Math.floor(x / enlarged));
        sheet.data.set(picture.subarray(from, from + 3), 3 * ((top + y) * width + left + x));
      }
    }
  }
  return pngOf(sheet);
}
