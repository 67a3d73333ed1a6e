import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CoverageCanvas } from './coverage.ts';
import type { Contour } from './typeface.ts';

type Point = readonly [number, number];

/** Straight lines between points that are given as the canvas has them, y downwards. */
const polygon = (points: readonly Point[]): Contour => {
  const [start = [0, 0], ...rest] = points.map(([x, y]) => [x, -y] as const);
  return { start, strokes: rest.map((to) => ({ to })) };
};

const box = (left: number, top: number, right: number, bottom: number) =>
  polygon([
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]);

function shares(width: number, height: number, ...outline: readonly Contour[]): number[] {
  const canvas = new CoverageCanvas(width, height);
  canvas.add(outline, 0, 0, 1);
  return [...canvas.coverage().share];
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('coverage', () => {
  test('of a box is the part of each pixel that lies in it', () => {
    expect(shares(3, 2, box(0.25, 0.5, 2.5, 2))).toEqual([0.375, 0.5, 0.25, 0.75, 1, 0.5]);
  });

  test('is one where boxes of one direction overlap, and none in a hole of the other', () => {
    expect(shares(3, 1, box(0, 0, 2, 1), box(1, 0, 3, 1))).toEqual([1, 1, 1]);
    const hole = polygon([
      [1, 0],
      [1, 1],
      [2, 1],
      [2, 0],
    ]);
    expect(shares(3, 1, box(0, 0, 3, 1), hole)).toEqual([1, 0, 1]);
  });

  test('of a triangle adds up to its area, and each pixel has what samples find', () => {
    const place = fc.tuple(
      fc.double({ min: 0, max: 6, noNaN: true }),
      fc.double({ min: 0, max: 6, noNaN: true }),
    );
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        const found = shares(6, 6, polygon([a, b, c]));
        const cross = (p: Point, q: Point, [x, y]: Point) =>
          (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
        expect(sum(found)).toBeCloseTo(Math.abs(cross(a, b, c)) / 2, 6);
        const inside = (at: Point) => {
          const sides = [cross(a, b, at), cross(b, c, at), cross(c, a, at)];
          return sides.every((side) => side > 0) || sides.every((side) => side < 0);
        };
        const grid = Array.from({ length: 16 }, (_, i) => (i + 0.5) / 16);
        for (const [i, share] of found.entries()) {
          const [x, y] = [i % 6, Math.floor(i / 6)];
          const hits = grid.flatMap((v) => grid.filter((u) => inside([x + u, y + v])));
          // Three edges pass at most 16 + 16 of the 256 samples' squares each.
          expect(Math.abs(share - hits.length / 256)).toBeLessThan((3 * 32) / 256 / 2);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of a piece of a parabola is two thirds of its box', () => {
    const arch: Contour = {
      start: [0, -8],
      strokes: [{ control: [6, 8], to: [12, -8] }],
    };
    // Its control point is twice as high as it; chords take away a hundredth of a pixel at most.
    expect(Math.abs(sum(shares(12, 8, arch)) - (2 / 3) * 12 * 8)).toBeLessThan(0.01 * 12);
  });

  test('is cut off above, below and at the right', () => {
    expect(shares(2, 1, box(1, -5, 50, 9))).toEqual([0, 1]);
  });
});
