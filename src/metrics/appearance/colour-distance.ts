/** @file How far the colours of two pictures are apart, wherever in the picture they are. */
import { required } from '../../base/required.ts';
import type { Image } from '../../data/image.ts';
import { resize } from '../../data/resize.ts';
import { mean } from '../cosine.ts';
import { labOf } from './lab.ts';
import { pixelsOf } from './pixels.ts';

/** Pictures are compared at this width and height, so that all have equally many pixels. */
const side = 64;

/** Axes, and the diagonals of faces and of the cube; one of each two that are opposite. */
const directions: readonly (readonly [number, number, number])[] = [
  ...([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const),
  ...([
    [1, 1, 0],
    [1, -1, 0],
    [1, 0, 1],
    [1, 0, -1],
    [0, 1, 1],
    [0, 1, -1],
  ] as const),
  ...([
    [1, 1, 1],
    [1, 1, -1],
    [1, -1, 1],
    [1, -1, -1],
  ] as const),
];

/** The colours of a picture along each direction, sorted. */
export type ColourProfile = readonly Float64Array[];

export function colourProfile(image: Image): ColourProfile {
  const colours = pixelsOf(resize(image, { width: side, height: side }, 'bicubic'), labOf);
  return directions.map(([x, y, z]) => {
    const length = Math.hypot(x, y, z);
    return Float64Array.from(colours, ([l, a, b]) => (x * l + y * a + z * b) / length).sort();
  });
}

/**
 * Sliced Wasserstein distance of the distributions of colours in CIELAB (Rabin et al. 2012): along a direction, the mean
 * distance that the pixels of one are moved to become those of the other; the mean over 13 directions. In units of L*.
 */
export function colourDistance(first: ColourProfile, second: ColourProfile): number {
  return mean(
    first.map((own, i) => {
      const other = required(second, i);
      return mean(own.map((value, at) => Math.abs(value - (other[at] ?? 0))));
    }),
  );
}
