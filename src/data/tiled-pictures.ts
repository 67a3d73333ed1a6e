/** @file Pictures side by side in rows, in one picture. */
import { blankImage, type Image } from './image.ts';

/**
 * Pictures in reading order; white where they are smaller or missing.
 *
 * @param columns as many as make the grid at least as wide as high, where not given
 */
export function tiledPictures(
  pictures: readonly Image[],
  columns = Math.ceil(Math.sqrt(pictures.length)),
): Image {
  const rows = Math.ceil(pictures.length / columns);
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = Math.max(...pictures.map((picture) => picture.height));
  const grid = blankImage(columns * width, rows * height);
  for (const [i, picture] of pictures.entries()) {
    const top = Math.floor(i / columns) * height;
    const left = (i % columns) * width;
    for (let row = 0; row < picture.height; row++) {
      const line = picture.data.subarray(row * picture.width * 3, (row + 1) * picture.width * 3);
      grid.data.set(line, ((top + row) * grid.width + left) * 3);
    }
  }
  return grid;
}

/** A picture of a grid whose pictures all have one size, counted from 0 in reading order. */
export function cutFromGrid(
  grid: Image,
  { width, height }: Pick<Image, 'width' | 'height'>,
  position: number,
): Image {
  const columns = Math.floor(grid.width / width);
  const top = Math.floor(position / columns) * height;
  const left = (position % columns) * width;
  const picture = blankImage(width, height);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * grid.width + left) * 3;
    picture.data.set(grid.data.subarray(start, start + width * 3), row * width * 3);
  }
  return picture;
}
