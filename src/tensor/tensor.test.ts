import { describe, expect, test } from 'vitest';
import { concatenated, elementCount, float32, int64, reshaped, rowsOf, tensor } from './tensor.ts';

describe('host tensors', () => {
  test('count elements, one for a scalar and none with an empty axis', () => {
    expect([[], [2, 3, 4], [5, 0]].map(elementCount)).toEqual([1, 24, 0]);
  });

  test('refuse data that does not fill the shape', () => {
    expect(() => tensor('f32', [2, 2], new Float32Array(3))).toThrow(
      'internal: tensor f32[2, 2] given 3 elements',
    );
  });

  test('float32 copies its values, and is zero without any', () => {
    const values = new Float32Array([1, 2]);
    const copied = float32([2], values);
    values[0] = 9;
    expect([...copied.data]).toEqual([1, 2]);
    expect([...float32([1, 2]).data]).toEqual([0, 0]);
  });

  test('int64 refuses fractions', () => {
    expect(() => int64([1], [0.5])).toThrow(RangeError);
  });

  test('reshaped and rowsOf share memory', () => {
    const source = float32([3, 2], [1, 2, 3, 4, 5, 6]);
    reshaped(source, [6]).data[0] = 7;
    rowsOf(source, 1, 2).data[1] = 8;
    expect([...source.data]).toEqual([7, 2, 3, 8, 5, 6]);
    expect(rowsOf(source, 1, 3).shape).toEqual([2, 2]);
  });

  test('concatenated joins along the first axis and refuses other trailing shapes', () => {
    const joined = concatenated([float32([1, 2], [1, 2]), float32([2, 2], [3, 4, 5, 6])]);
    expect(joined.shape).toEqual([3, 2]);
    expect([...joined.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => concatenated([float32([1, 2]), float32([1, 3])])).toThrow('trailing');
  });
});
