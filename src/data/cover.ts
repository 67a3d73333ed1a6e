/** @file A picture brought to a size of any proportions: resized to cover it, the rest cut off evenly. */
import { DataError } from '../base/errors.ts';
import { roundHalfEven } from '../tensor/round-half-even.ts';
import type { Image } from './image.ts';
import { type ResizeFilter, resize } from './resize.ts';

/** Height and width, in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** CLIPImageProcessor rounds half a pixel of crop offset down, torchvision's CenterCrop to the even neighbour. */
export type CropOffset = 'floor' | 'half-even';

/** Row and column where a crop begins. */
export interface CropOrigin {
  readonly top: number;
  readonly left: number;
}

/** A place in a picture, in shares of its width and height. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export const middle: Place = { x: 0.5, y: 0.5 };

/** A part of a picture, and where it was cut. */
export interface Crop extends Image {
  /** Of the resized picture. */
  readonly origin: CropOrigin;
}

/**
 * The size a picture is resized to, in its own proportions, so that it just covers another. The side that stands over is
 * truncated, as in torchvision and transformers.
 */
export function coveringSize(image: Size, { width, height }: Size): Size {
  return image.width * height <= image.height * width
    ? { width, height: Math.trunc((width * image.height) / image.width) }
    : { width: Math.trunc((height * image.width) / image.height), height };
}

/** The middle of a picture at the size where it just covers the one that is asked for. */
export function cover(image: Image, size: Size, filter: ResizeFilter): Image {
  const { width, height, data } = cropAround(resizeToCover(image, size, filter), size, 'floor');
  return { width, height, data };
}

/** The whole picture at the size where it just covers another. */
export function resizeToCover(image: Image, size: Size, filter: ResizeFilter): Image {
  return resize(image, coveringSize(image, size), filter);
}

/**
 * Where a part of a picture begins: around a place, as far as the picture's edges let it.
 *
 * @param around in the middle of the part
 */
export function cropOrigin(
  image: Size,
  { width, height }: Size,
  offset: CropOffset,
  around = middle,
): CropOrigin {
  const round = offset === 'floor' ? Math.floor : roundHalfEven;
  const begin = (share: number, whole: number, part: number) =>
    Math.max(0, Math.min(round(share * whole - part / 2), whole - part));
  return {
    top: begin(around.y, image.height, height),
    left: begin(around.x, image.width, width),
  };
}

/** A picture seen in a mirror, left and right exchanged. */
export function mirrored({ width, height, data }: Image): Image {
  const flipped = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      flipped.set(data.subarray(from, from + 3), 3 * (y * width + width - 1 - x));
    }
  }
  return { width, height, data: flipped };
}

/**
 * A part of a picture.
 *
 * @default around the middle of the picture
 * @throws DataError where the picture is smaller than that
 */
export function cropAround(image: Image, size: Size, offset: CropOffset, around = middle): Crop {
  return cropAt(image, size, cropOrigin(image, size, offset, around));
}

/**
 * The part of a picture that begins somewhere.
 *
 * @throws DataError where the picture is smaller than that
 */
export function cropAt(image: Image, { width, height }: Size, origin: CropOrigin): Crop {
  if (image.width < width || image.height < height) {
    throw new DataError(
      'CROP_TOO_LARGE',
      `a crop of ${width} x ${height} does not fit into ${image.width} x ${image.height}; resize the picture to cover it first`,
    );
  }
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((origin.top + row) * image.width + origin.left) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data, origin };
}
