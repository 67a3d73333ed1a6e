import { expect, test } from 'vitest';
import { median } from './median.ts';

test.each<readonly [number | undefined, readonly number[]]>([
  [undefined, []],
  [7, [7]],
  [3, [9, 1, 3]],
  [2.5, [4, 1, 3, 2]],
  // In the order of numbers, not of their texts.
  [9.5, [10, 9]],
  [6, [2, 10, 100, 1]],
])('is %s of %j', (expected, values) => {
  expect(median(values)).toBe(expected);
});

test('leaves the values in their order', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});
