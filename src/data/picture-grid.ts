/** @file Pictures side by side in rows, in one picture. */
import { blankImage, type Image } from './image.ts';

/** As few rows as make the grid at least as wide as high; white where pictures are smaller or missing. */
export function pictureGrid(pictures: readonly Image[]): Image {
  const columns = Math.ceil(Math.sqrt(pictures.length));
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
