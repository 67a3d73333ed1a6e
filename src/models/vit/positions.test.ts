import { describe, expect, test } from 'vitest';
import { matmul } from '../../tensor/linear-algebra/host-matrices.ts';
import { float32 } from '../../tensor/tensor.ts';
import { bicubicMap } from './positions.ts';

describe('bicubic interpolation of positions', () => {
  test('to the same size changes nothing', () => {
    const identity = Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    expect([...bicubicMap(3, 3).data]).toEqual(identity);
  });

  test.each([
    [4, 7],
    [14, 9],
    [2, 16],
    [5, 1],
  ])('from %i to %i keeps a constant', (from, to) => {
    const ones = float32([from, 1], Array<number>(from).fill(1));
    for (const value of matmul(bicubicMap(from, to), ones).data) {
      expect(value).toBeCloseTo(1, 6); // float32 weights
    }
  });

  test('is symmetric: turned values give the turned result', () => {
    const map = bicubicMap(6, 10);
    expect([...map.data].reverse()).toEqual([...map.data].map((value) => expect.closeTo(value, 6)));
  });

  test("weighs neighbours by Keys' kernel with a = -3/4, at distances from pixel centres", () => {
    const map = bicubicMap(3, 6);
    const column = Array.from({ length: 6 }, (_, row) => map.data[row * 3 + 1]);
    const near = (t: number) => (1.25 * t - 2.25) * t * t + 1;
    const far = (t: number) => ((-0.75 * t + 3.75) * t - 6) * t + 3;
    const expected = [far(1.25), near(0.75), near(0.25), near(0.25), near(0.75), far(1.25)];
    expect(column).toEqual(expected.map((value) => expect.closeTo(value, 6)));
  });
});
