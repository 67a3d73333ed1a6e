import { expect, test } from 'vitest';
import { blankImage } from './image.ts';
import { cutFromGrid, tiledPictures } from './tiled-pictures.ts';

test('pictures stand side by side, then below, in their order', () => {
  const grid = tiledPictures([
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
  expect(tiledPictures([picture])).toEqual(picture);
});

test('a picture is cut out of a grid as it was put in', () => {
  const pictures = [1, 2, 3, 4, 5].map((shade) => blankImage(3, 2, [shade, 2 * shade, 9]));
  const grid = tiledPictures(pictures, 2);
  expect([grid.width, grid.height]).toEqual([6, 6]);
  for (const [position, picture] of pictures.entries()) {
    expect(cutFromGrid(grid, { width: 3, height: 2 }, position)).toEqual(picture);
  }
});
