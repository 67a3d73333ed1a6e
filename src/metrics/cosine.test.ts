import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { deviation, largestCosine, meanCosine, meanPairCosine } from './cosine.ts';
import { unitRows } from './encoder-batches.ts';

const random = new TorchGenerator(7);
const size = 5;
const unit = (rows: number) => unitRows(float32([rows, size], random.randn(rows * size)));

const rowsIn = ({ shape, data }: Tensor<'f32'>): number[][] =>
  Array.from({ length: shape[0] ?? 0 }, (_, i) => [...data.subarray(i * size, (i + 1) * size)]);

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe('similarities of unit vectors', () => {
  const a = unit(4);
  const b = unit(3);
  const pairs = rowsIn(a).flatMap((left) => rowsIn(b).map((right) => dot(left, right)));

  test('are the mean of all pairs, which is the product of the mean vectors', () => {
    const meanRow = (rows: number[][]) =>
      Array.from(
        { length: size },
        (_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length,
      );
    expect(pairs).toHaveLength(12);
    // Float32 products and sums of five terms.
    expect(meanCosine(a, b)).toBeCloseTo(dot(meanRow(rowsIn(a)), meanRow(rowsIn(b))), 6);
  });

  test('are the largest of all pairs', () => {
    expect(largestCosine(a, b)).toBeCloseTo(Math.max(...pairs), 6);
  });

  test('leave a picture out of the comparison with itself', () => {
    const [p = [], q = [], r = [], s = []] = rowsIn(a);
    const expected = (dot(p, q) + dot(p, r) + dot(p, s) + dot(q, r) + dot(q, s) + dot(r, s)) / 6;
    expect(meanPairCosine(a)).toBeCloseTo(expected, 6);
    expect(meanPairCosine(unit(1))).toBeUndefined();
  });
});

describe('the standard deviation', () => {
  test('is that of a sample', () => {
    expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(deviation([3])).toBeUndefined();
  });
});
