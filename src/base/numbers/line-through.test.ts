import { expect, test } from 'vitest';
import { lineThrough } from './line-through.ts';

test('a line goes through both points and on', () => {
  const line = lineThrough([2, 5], [4, 9]);
  expect([0, 2, 3, 4, 10].map(line)).toEqual([1, 5, 7, 9, 21]);
});
