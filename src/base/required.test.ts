/** @file Elements that must be there. */
import { expect, test } from 'vitest';
import { lastOf, required } from './required.ts';

test('an element that is there is given, a falsy one too; one that is not is a bug', () => {
  expect(required(['a', ''], 1)).toBe('');
  expect(required(new Float32Array([0]), 0)).toBe(0);
  expect(() => required([1, 2], 2)).toThrow('internal: no element 2 of 2');
  expect(() => required([1, 2], -1)).toThrow('internal:');
});

test('the last element is given; an empty list has none', () => {
  expect(lastOf([1, 2])).toBe(2);
  expect(() => lastOf([])).toThrow('internal: no element -1 of 0');
});
