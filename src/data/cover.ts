/** @file A picture brought to a size of any proportions: resized to cover it, the rest cut off evenly. */
import type { Image } from './image.ts';
import { type ResizeFilter, resize } from './resize.ts';

/** Height and width, in pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** The size a picture is resized to, in its own proportions, so that it covers another. */
export function coveringSize(image: Size, { width, height }: Size): Size {
  const scale = Math.max(width / image.width, height / image.height);
  return {
    width: Math.max(width, Math.round(image.width * scale)),
    height: Math.max(height, Math.round(image.height * scale)),
  };
}

/** The middle of a picture at the size where it just covers the one that is asked for. */
export function cover(image: Image, size: Size, filter: ResizeFilter): Image {
  const resized = resize(image, coveringSize(image, size), filter);
  return cropMiddle(resized, size);
}

function cropMiddle(image: Image, { width, height }: Size): Image {
  if (image.width === width && image.height === height) return image;
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}
