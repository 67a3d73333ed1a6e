/** @file Aspect-ratio buckets: the few sizes, of about one area, that pictures of all proportions are brought to. */
import type { Size } from './cover.ts';

/** No side is longer than the resolution times this. */
const longest = 2;

/**
 * The sizes whose sides are multiples of a step, whose area is at most resolution², and of which neither side could be a
 * step longer; and the largest such square. The step is at most the resolution.
 */
export function bucketSizes(resolution: number, step: number): readonly Size[] {
  const wholeSteps = (pixels: number) => Math.floor(pixels / step) * step;
  const longestBeside = (side: number) => wholeSteps(resolution ** 2 / side);
  const count = Math.floor((longest * resolution) / step);
  const sizes = Array.from({ length: count }, (_, i) => (i + 1) * step)
    .map((width) => ({ width, height: longestBeside(width) }))
    .filter(({ width, height }) => longestBeside(height) === width)
    .filter(({ height }) => height <= longest * resolution);
  const side = wholeSteps(resolution);
  const hasSquare = sizes.some(({ width }) => width === side && longestBeside(side) === side);
  return hasSquare ? sizes : [...sizes, { width: side, height: side }];
}

/** The size whose proportions differ from a picture's by the smallest factor. */
export function nearestBucket(sizes: readonly Size[], image: Size): Size {
  const difference = ({ width, height }: Size) =>
    Math.abs(Math.log((width * image.height) / (height * image.width)));
  return sizes.reduce((a, b) => (difference(b) < difference(a) ? b : a));
}
