import { expect, test } from 'vitest';
import { numbersBetween, numbersIn } from './number-list.ts';

test.each([
  ['0, 0.5, 1', [0, 0.5, 1]],
  [' 1 2;3,3 ', [1, 2, 3]],
  ['', []],
  ['-0.5', [-0.5]],
  ['1, x', undefined],
  ['1e999', undefined],
])('"%s"', (text, numbers) => expect(numbersIn(text)).toEqual(numbers));

test.each([
  [0, 1.5, 4, false, [0, 0.5, 1, 1.5]],
  [10, 40, 3, true, [10, 25, 40]],
  [1, 3, 5, true, [1, 2, 3]],
  [1, 0, 3, false, [1, 0.5, 0]],
  [7, 9, 1, false, [7]],
  [0, 1, 4, false, [0, 0.3333, 0.6667, 1]],
])('from %d to %d in %d', (from, to, count, isInteger, numbers) =>
  expect(numbersBetween(from, to, { count, isInteger })).toEqual(numbers),
);
