import { expect, test } from 'vitest';
import { blankImage } from './image.ts';
import { pictureGrid } from './picture-grid.ts';

test('pictures stand side by side, then below, in their order', () => {
  const grid = pictureGrid([
    blankImage(2, 1, [1, 1, 1]),
    blankImage(1, 1, [2, 2, 2]),
    blankImage(2, 1, [3, 3, 3]),
  ]);
  expect([grid.width, grid.height]).toEqual([4, 2]);
  const reds = [...grid.data].filter((_, i) => i % 3 === 0);
  expect(reds).toEqual([1, 1, 2, 255, 3, 3, 255, 255]);
});

test('one picture is itself', () => {
  const picture = blankImage(3, 2, [7, 8, 9]);
  expect(pictureGrid([picture])).toEqual(picture);
});
