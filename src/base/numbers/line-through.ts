/** @file Goes on from two measurements. */

/** A point: x and y. */
type Point = readonly [x: number, y: number];

/** The line through two points of different x. */
export function lineThrough([x0, y0]: Point, [x1, y1]: Point): (x: number) => number {
  const slope = (y1 - y0) / (x1 - x0);
  return (x) => y0 + slope * (x - x0);
}
