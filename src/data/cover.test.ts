import { expect, test } from 'vitest';
import { cover, coveringSize } from './cover.ts';
import { blankImage, type Image } from './image.ts';

/** Each column of its own grey. */
function columns(levels: readonly number[], height: number): Image {
  const row = levels.flatMap((level) => [level, level, level]);
  const data = Uint8Array.from(Array.from({ length: height }, () => row).flat());
  return { width: levels.length, height, data };
}

test('a picture of the size that is asked for stays as it is', () => {
  const image = blankImage(8, 16, [1, 2, 3]);
  expect(cover(image, { width: 8, height: 16 }, 'lanczos')).toBe(image);
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
