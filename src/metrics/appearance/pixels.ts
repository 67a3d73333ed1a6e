/** @file A picture as its pixels. */
import type { Image } from '../../data/image.ts';

/** Something of every pixel, row after row. */
export function pixelsOf<Value>(
  { width, height, data }: Image,
  of: (red: number, green: number, blue: number) => Value,
): Value[] {
  return Array.from({ length: width * height }, (_, pixel) =>
    of(data[3 * pixel] ?? 0, data[3 * pixel + 1] ?? 0, data[3 * pixel + 2] ?? 0),
  );
}
