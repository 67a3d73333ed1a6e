/** @file The ways in which a picture may be seen: cut in its middle and at random places, and in a mirror. */
import type { TorchGenerator } from '../../base/torch-random.ts';
import {
  type Crop,
  type CropOrigin,
  coveringSize,
  cropOrigin,
  mirrored,
  type Place,
  type Size,
} from '../../data/cover.ts';
import type { Image } from '../../data/image.ts';
import { dreamboothTransform } from '../../data/transforms.ts';
import type { Framing } from '../../pipeline/text/conditioning.ts';

/** A picture cut to size, and its mask where it has one. */
export interface PictureView {
  readonly crop: Crop;
  readonly framing: Framing;
  /** The same part of its mask. */
  readonly mask?: Image | undefined;
}

export interface ViewOptions {
  /** Whether each view is there mirrored too. */
  readonly flip: boolean;
  /** Random places where a picture is cut besides. @default none */
  readonly randomCrops?: number | undefined;
  /** Of these places. */
  readonly generator: TorchGenerator;
}

/**
 * Where a picture that covers a size is cut: first in its middle, by which it is told from others, then at random places, all
 * of them once; a picture whose frame was moved by hand in that alone.
 */
export function cutPlaces(
  resized: Size,
  target: Size,
  { around, views }: { readonly around?: Place | undefined; readonly views?: ViewOptions },
): readonly CropOrigin[] {
  const first = cropOrigin(resized, target, dreamboothTransform(target).cropOffset, around);
  if (views?.randomCrops === undefined || around !== undefined) return [first];
  const { randomCrops, generator } = views;
  const within = (whole: number, part: number) =>
    generator.randint(0, whole - part + 1, randomCrops);
  const tops = within(resized.height, target.height);
  const places = Array.from(within(resized.width, target.width), (left, i) => ({
    left,
    top: Number(tops[i]),
  }));
  const all = [first, ...places].map((place) => [`${place.top} ${place.left}`, place] as const);
  return [...new Map(all).values()];
}

/**
 * A view as a mirror shows it. What SDXL is told of the crop is where it begins in the mirrored picture: as far from its left
 * as the part was from its right.
 */
export function mirroredView({ crop, framing, mask }: PictureView): PictureView {
  const { original, target } = framing;
  const { top, left } = framing.crop;
  const whole = coveringSize(original, target).width;
  const origin = { top, left: whole - target.width - left };
  return {
    crop: { ...mirrored(crop), origin },
    framing: { ...framing, crop: origin },
    ...(mask === undefined ? {} : { mask: mirrored(mask) }),
  };
}
