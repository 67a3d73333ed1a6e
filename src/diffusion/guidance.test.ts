import { describe, expect, test } from 'vitest';
import { float32 } from '../tensor/tensor.ts';
import { guided } from './guidance.ts';

const unconditional = float32([2, 4], [1, 2, 3, 4, 0, 0, 1, 1]);
const conditional = float32([2, 4], [2, 0, 3, 5, 1, -1, 1, 0.5]);

function deviation(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
}

describe('guided', () => {
  test('is the conditional prediction at scale 1', () => {
    expect(guided(unconditional, conditional, { scale: 1 })).toEqual(conditional);
  });

  test('goes past the conditional prediction at larger scales', () => {
    const { data } = guided(unconditional, conditional, { scale: 3 });
    expect([...data]).toEqual([4, -4, 3, 7, 3, -3, 1, -0.5]);
  });

  test('fully rescaled has the deviation of the conditional prediction, sample by sample', () => {
    const { data } = guided(unconditional, conditional, { scale: 7.5, rescale: 1 });
    for (const n of [0, 1]) {
      const found = deviation([...data.subarray(4 * n, 4 * n + 4)]);
      const wanted = deviation([...conditional.data.subarray(4 * n, 4 * n + 4)]);
      expect(found).toBeCloseTo(wanted, 5); // float32
    }
  });

  test('rescaled in part lies between', () => {
    const none = guided(unconditional, conditional, { scale: 7.5 });
    const full = guided(unconditional, conditional, { scale: 7.5, rescale: 1 });
    const part = guided(unconditional, conditional, { scale: 7.5, rescale: 0.7 });
    for (const [i, value] of part.data.entries()) {
      const between = 0.3 * (none.data[i] ?? 0) + 0.7 * (full.data[i] ?? 0);
      expect(value).toBeCloseTo(between, 5); // float32
    }
  });
});
