import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketSizes, nearestBucket } from './buckets.ts';

const steps = fc.integer({ min: 1, max: 16 }).map((eights) => 8 * eights);
const grids = steps.chain((step) =>
  fc.record({ step: fc.constant(step), resolution: fc.integer({ min: step, max: 1536 }) }),
);
const side = fc.integer({ min: 1, max: 8000 });
const pictures = fc.record({ width: side, height: side });
const written = (sizes: readonly { width: number; height: number }[]) =>
  sizes.map(({ width, height }) => `${width} x ${height}`);

describe('buckets', () => {
  test('of 512 pixels in steps of 64 are nine', () => {
    expect(written(bucketSizes(512, 64))).toEqual([
      '256 x 1024',
      '320 x 768',
      '384 x 640',
      '448 x 576',
      '512 x 512',
      '576 x 448',
      '640 x 384',
      '768 x 320',
      '1024 x 256',
    ]);
  });

  test('hold a square also where the resolution is no whole number of steps', () => {
    expect(written(bucketSizes(40, 16))).toEqual(['32 x 48', '48 x 32', '32 x 32']);
  });

  test('are whole steps, at most as large as the square and twice as long, each once, and lie both ways', () => {
    fc.assert(
      fc.property(grids, ({ step, resolution }) => {
        const sizes = bucketSizes(resolution, step);
        for (const { width, height } of sizes) {
          expect(width % step).toBe(0);
          expect(height % step).toBe(0);
          expect(Math.min(width, height)).toBeGreaterThan(0);
          expect(width * height).toBeLessThanOrEqual(resolution ** 2);
          expect(Math.max(width, height)).toBeLessThanOrEqual(2 * resolution);
        }
        const turned = sizes.map(({ width, height }) => ({ width: height, height: width }));
        expect(new Set(written(turned))).toEqual(new Set(written(sizes)));
        expect(new Set(written(sizes)).size).toBe(sizes.length);
      }),
    );
  });

  test('cannot be a step longer, but for the square', () => {
    fc.assert(
      fc.property(grids, ({ step, resolution }) => {
        for (const { width, height } of bucketSizes(resolution, step)) {
          if (width === height) continue;
          expect((width + step) * height).toBeGreaterThan(resolution ** 2);
          expect(width * (height + step)).toBeGreaterThan(resolution ** 2);
        }
      }),
    );
  });
});

describe('a picture', () => {
  test.each([
    [{ width: 4000, height: 3000 }, '576 x 448'],
    [{ width: 3024, height: 4032 }, '448 x 576'],
    [{ width: 1920, height: 1080 }, '640 x 384'],
    [{ width: 700, height: 680 }, '512 x 512'],
    [{ width: 9000, height: 1000 }, '1024 x 256'],
  ])('of %j is trained on at %s', (picture, expected) => {
    expect(written([nearestBucket(bucketSizes(512, 64), picture)])).toEqual([expected]);
  });

  test('gets the bucket whose ratio is nearest, whichever way the ratio is taken', () => {
    fc.assert(
      fc.property(grids, pictures, ({ step, resolution }, picture) => {
        const sizes = bucketSizes(resolution, step);
        const found = nearestBucket(sizes, picture);
        // The larger of the two quotients is how much of the picture's longer way is cut off or missing.
        const factor = ({ width, height }: typeof picture) => {
          const quotient = width / height / (picture.width / picture.height);
          return Math.max(quotient, 1 / quotient);
        };
        const least = Math.min(...sizes.map(factor));
        // Quotients and logarithms of float64 may order two sizes differently only within rounding.
        expect(factor(found)).toBeLessThanOrEqual(least * (1 + 1e-12));
      }),
    );
  });

  test('of a bucket’s own proportions gets that bucket', () => {
    fc.assert(
      fc.property(grids, fc.nat(), ({ step, resolution }, which) => {
        const sizes = bucketSizes(resolution, step);
        const own = sizes[which % sizes.length] ?? sizes[0];
        if (own === undefined) throw new Error('no sizes');
        const { width, height } = nearestBucket(sizes, own);
        expect(width * own.height).toBe(height * own.width);
      }),
    );
  });
});
