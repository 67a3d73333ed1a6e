import { expect, test } from 'vitest';
import { atEqual } from './trade-off.ts';

const points = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([at, value]) => ({ at, value }));

test('means of straight lines over the shared range are those in its middle', () => {
  // y = 1 - x on [0, 0.6], and y = 1.2 - 2x on [0.2, 1]: shared are 0.2 to 0.6.
  const found = atEqual(points([0, 1], [0.6, 0.4]), points([0.2, 0.8], [1, -0.8]));
  expect(found?.[0]).toBeCloseTo(0.6, 12);
  expect(found?.[1]).toBeCloseTo(0.4, 12);
});

test('corners inside the range count by how far they reach', () => {
  // 1 down to 0 on the first half, level there on the second: the mean is 1/4.
  const bent = points([0, 1], [0.5, 0], [1, -1e-9]);
  expect(atEqual(bent, points([0, 1], [1, 0]))?.[0]).toBeCloseTo(0.25, 6);
});

test('points that another exceeds in both are not on the front, whatever their order', () => {
  const front = points([0, 1], [1, 0]);
  const more = points([1, 0], [0.4, -0.2], [0, 1], [0, 0.5]);
  const other = points([0, 0.5], [1, 0.1]);
  expect(atEqual(more, other)).toEqual(atEqual(front, other));
});

test('without a shared range there is nothing to compare', () => {
  const low = points([0, 1], [0.4, 0.5]);
  expect(atEqual(low, points([0.5, 1], [1, 0.5]))).toBeUndefined();
  expect(atEqual(low, points([0.2, 1]))).toBeUndefined();
  expect(atEqual(low, [])).toBeUndefined();
});
