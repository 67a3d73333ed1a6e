import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError } from '../base/errors.ts';
import { cover, coveringSize, cropAround } from './cover.ts';
import { blankImage, type Image } from './image.ts';

/** Each column of its own grey. */
function columns(levels: readonly number[], height: number): Image {
  const row = levels.flatMap((level) => [level, level, level]);
  const data = Uint8Array.from(Array.from({ length: height }, () => row).flat());
  return { width: levels.length, height, data };
}

test('a picture of the size that is asked for stays as it is', () => {
  const image = blankImage(8, 16, [1, 2, 3]);
  expect(cover(image, { width: 8, height: 16 }, 'lanczos')).toEqual(image);
});

test('what is too wide loses its sides evenly', () => {
  const image = columns([10, 20, 30, 40], 2);
  expect(cover(image, { width: 2, height: 2 }, 'lanczos')).toEqual(columns([20, 30], 2));
});

test.each([
  [
    { width: 400, height: 300 },
    { width: 64, height: 64 },
    { width: 85, height: 64 },
  ],
  [
    { width: 300, height: 400 },
    { width: 64, height: 64 },
    { width: 64, height: 85 },
  ],
  [
    { width: 10, height: 10 },
    { width: 96, height: 64 },
    { width: 96, height: 96 },
  ],
])('%j is resized in its own proportions to cover %j', (image, asked, expected) => {
  expect(coveringSize(image, asked)).toEqual(expected);
});

test('what stands over is truncated', () => {
  const size = { width: 129, height: 129 };
  expect(coveringSize({ width: 97, height: 64 }, size)).toEqual({ width: 195, height: 129 });
  expect(coveringSize({ width: 64, height: 97 }, size)).toEqual({ width: 129, height: 195 });
});

test('every picture covers every size, and one of its sides just so', () => {
  const side = fc.integer({ min: 1, max: 5000 });
  const sizes = fc.record({ width: side, height: side });
  fc.assert(
    fc.property(sizes, sizes, (image, size) => {
      const { width, height } = coveringSize(image, size);
      expect(Math.min(width - size.width, height - size.height)).toBe(0);
    }),
  );
});

describe('the centre crop', () => {
  test('rounds half a pixel down for CLIP and to the even neighbour for torchvision', () => {
    const image = blankImage(13, 15);
    const size = { width: 10, height: 10 };
    expect(cropAround(image, size, 'floor').origin).toEqual({ top: 2, left: 1 });
    expect(cropAround(image, size, 'half-even').origin).toEqual({ top: 2, left: 2 });
  });

  test('cuts the middle out', () => {
    const data = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => Math.floor(i / 3));
    const image = { width: 5, height: 3, data };
    expect([...cropAround(image, { width: 1, height: 1 }, 'floor').data]).toEqual([7, 7, 7]);
    const { data: wide } = cropAround(image, { width: 3, height: 1 }, 'floor');
    expect([...wide]).toEqual([6, 6, 6, 7, 7, 7, 8, 8, 8]);
  });

  test('refuses a picture that is too small', () => {
    const crop = () => cropAround(blankImage(5, 9), { width: 6, height: 6 }, 'floor');
    expect(crop).toThrow(DataError);
  });
});
