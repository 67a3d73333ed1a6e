/** @file How a training cuts a picture: to which size, and which part of it is left. */
import { nearestBucket } from '../../data/buckets.ts';
import { coveringSize, cropOrigin, type Place, type Size } from '../../data/cover.ts';
import { dreamboothTransform } from '../../data/transforms.ts';

/** A part of a picture, in its pixels; from the upper left, and not always whole. */
export interface PicturePart extends Size {
  readonly x: number;
  readonly y: number;
}

export interface PictureCut {
  /** What the part is brought to. */
  readonly target: Size;
  readonly part: PicturePart;
}

/**
 * What a training sees of an upright picture.
 *
 * @param sizes that pictures may have; each gets the one of its proportions
 * @param around what is to stand in the middle. @default the picture's
 */
export function pictureCut(original: Size, sizes: readonly Size[], around?: Place): PictureCut {
  const target = nearestBucket(sizes, original);
  const { cropTo, cropOffset, resizeTo } = dreamboothTransform(target);
  const resized = coveringSize(original, resizeTo);
  const { left, top } = cropOrigin(resized, cropTo, cropOffset, around);
  const across = original.width / resized.width;
  const down = original.height / resized.height;
  return {
    target,
    part: {
      x: left * across,
      y: top * down,
      width: cropTo.width * across,
      height: cropTo.height * down,
    },
  };
}

/** By how much a picture is enlarged to cover its training size; less than 1 where it is made smaller. */
export function enlargement(original: Size, target: Size): number {
  return Math.max(target.width / original.width, target.height / original.height);
}

/** Share of a picture's area that is left once it is cut. */
export function keptShare(original: Size, target: Size): number {
  const { width, height } = coveringSize(original, target);
  return (target.width * target.height) / (width * height);
}
