/** @file What is measured on a picture to tell whether it is blurred, or like another: few numbers, whatever its size. */
import { luminance } from '../../base/numbers/luminance.ts';
import { required } from '../../base/required.ts';
import type { Size } from '../../data/cover.ts';
import type { Image } from '../../data/image.ts';
import { resize } from '../../data/resize.ts';

/** What a picture is like; small enough to be kept. */
export interface PictureTraits extends Size {
  /** Variance of the Laplacian of the luminance where the picture is sharpest. */
  readonly sharpness: number;
  /** Mean luminance of 8 rows of 9 cells. */
  readonly luminances: readonly number[];
  /** Mean red, green and blue of each of the 28 cells along the edges, of 8 x 8. */
  readonly border: readonly (readonly number[])[];
}

/** Side of the cells' square, and of the sharpest places'. */
export const cellsAcross = 8;

/** Pictures are compared at this length of their shorter side; smaller ones as they are. */
export const measuredSide = 256;

/** The size that a picture is measured at. */
export function measuredSize({ width, height }: Size): Size {
  const factor = Math.min(1, measuredSide / Math.min(width, height));
  const scaled = (side: number) => Math.max(1, Math.round(side * factor));
  return { width: scaled(width), height: scaled(height) };
}

/**
 * Measures a picture.
 *
 * @param original size of its file, where the picture was made smaller already
 */
export function pictureTraits(image: Image, original: Size = image): PictureTraits {
  const small = resize(image, measuredSize(image), 'lanczos');
  return {
    width: original.width,
    height: original.height,
    sharpness: sharpnessOf(small),
    luminances: cellsOf(small, cellsAcross + 1, cellsAcross).map((colour) =>
      Math.round(luminance(colour)),
    ),
    border: cellsOf(small, cellsAcross, cellsAcross)
      .filter((_, cell) => isBorder(cell % cellsAcross) || isBorder(Math.floor(cell / cellsAcross)))
      .map((colour) => colour.map(Math.round)),
  };
}

function isBorder(place: number): boolean {
  return place === 0 || place === cellsAcross - 1;
}

/** Mean colours of cells, row after row. */
function cellsOf(image: Image, columns: number, rows: number): readonly (readonly number[])[] {
  return Array.from({ length: columns * rows }, (_, cell) => {
    const [left, right] = bounds(cell % columns, columns, image.width);
    const [top, bottom] = bounds(Math.floor(cell / columns), rows, image.height);
    const sum = new Float64Array(3);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        for (let channel = 0; channel < 3; channel++) {
          sum[channel] =
            (sum[channel] ?? 0) + (image.data[3 * (y * image.width + x) + channel] ?? 0);
        }
      }
    }
    return Array.from(sum, (value) => value / ((right - left) * (bottom - top)));
  });
}

/** From where to where a cell reaches; at least one pixel. */
function bounds(cell: number, count: number, pixels: number): readonly [number, number] {
  const first = Math.floor((cell * pixels) / count);
  return [first, Math.max(first + 1, Math.floor(((cell + 1) * pixels) / count))];
}

/** Of 64 places, the sharpest nine tenths are left out: a subject may be sharp before a background that is not. */
const sharpestPlace = 6;

/** Variance of the Laplacian (Pech-Pacheco et al. 2000), of the seventh sharpest of 8 x 8 places. */
function sharpnessOf({ width, height, data }: Image): number {
  if (width < 3 || height < 3) return 0;
  const light = Float64Array.from({ length: width * height }, (_, pixel) =>
    luminance([data[3 * pixel] ?? 0, data[3 * pixel + 1] ?? 0, data[3 * pixel + 2] ?? 0]),
  );
  const at = (x: number, y: number) => light[y * width + x] ?? 0;
  const laplacian = (x: number, y: number) =>
    4 * at(x, y) - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1);
  const variances = Array.from({ length: cellsAcross ** 2 }, (_, cell) => {
    const [left, right] = bounds(cell % cellsAcross, cellsAcross, width - 2);
    const [top, bottom] = bounds(Math.floor(cell / cellsAcross), cellsAcross, height - 2);
    let sum = 0;
    let squares = 0;
    for (let y = top; y < Math.min(bottom, height - 2); y++) {
      for (let x = left; x < Math.min(right, width - 2); x++) {
        const value = laplacian(x + 1, y + 1);
        sum += value;
        squares += value * value;
      }
    }
    const count = (right - left) * (bottom - top);
    return squares / count - (sum / count) ** 2;
  });
  return required(
    variances.sort((a, b) => b - a),
    sharpestPlace,
  );
}
