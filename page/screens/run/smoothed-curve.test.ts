import { expect, test } from 'vitest';
import { smoothed } from './smoothed-curve.ts';

test('the mean of all so far, older ones counting less', () => {
  expect(smoothed([4, 4, 4], 0.9)).toEqual([4, 4, 4]);
  expect(smoothed([1, 4], 0.5)).toEqual([1, (0.5 * 1 + 4) / 1.5]);
  expect(smoothed([], 0.5)).toEqual([]);
});
