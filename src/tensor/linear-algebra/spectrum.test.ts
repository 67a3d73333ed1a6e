import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import {
  computedBy,
  computedHere,
  type Matrix64,
  matrix64,
  type ProductRequest,
} from '../products.ts';
import { float32, type Tensor, tensor } from '../tensor.ts';
import { columnsOf, product, tensorOf, transposed } from './columns.ts';
import { spectrum } from './spectrum.ts';
import { svd } from './svd.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const generator = new TorchGenerator(3);

function drawn(rows: number, columns: number): Tensor<'f32'> {
  return float32([rows, columns], generator.randn(rows * columns));
}

/** A matrix with given singular values. */
function withValues(values: readonly number[], length: number): Tensor<'f32'> {
  const size = values.length;
  const { u } = svd(drawn(size, size));
  const { v } = svd(drawn(size, length));
  const scaled = columnsOf(u).map((column, k) => column.map((x) => x * (values[k] ?? 0)));
  const matrix = tensorOf(product(scaled, transposed(columnsOf(v))));
  return float32(matrix.shape, matrix.data);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? 0))), 0);
}

/** ‖rows·rowsᵀ − I‖, by element. */
function skewOf({ shape, data }: Matrix64): number {
  const rows = columnsOf(tensor('f64', shape, data));
  const [size = 0] = shape;
  const one = matrix64(size, size);
  for (let i = 0; i < size; i++) one.data[i * size + i] = 1;
  return largestDifference(tensorOf(product(rows, transposed(rows))).data, one.data);
}

describe.each<readonly [string, Tensor<'f32'>]>([
  ['a wide matrix', drawn(20, 33)],
  ['a tall matrix', drawn(33, 20)],
  ['a square matrix', drawn(70, 70)],
  ['more columns than are added up at once', drawn(3, 1500)],
  ['one row', drawn(1, 9)],
  ['one column', drawn(9, 1)],
  ['one element', drawn(1, 1)],
  ['zeros', float32([5, 8])],
  ['equal values', float32([4, 4], [0, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0])],
  ['a diagonal', float32([3, 3], [3, 0, 0, 0, -5, 0, 0, 0, 1e-3])],
  ['a low rank', withValues([4, 2, 1, 0, 0, 0, 0, 0], 12)],
  ['values from large to small', withValues([1, 0.3, 2e-2, 3e-3, 3e-4, 3e-5, 1e-5, 4e-6], 12)],
])('%s', (_, weight) => {
  const [rows = 0, columns = 0] = weight.shape;
  const found = computedHere(spectrum(weight));
  const expected = svd(weight);
  const [largest = 0] = expected.s;

  test('has the values of the Jacobi rotations', () => {
    // Half an ulp of float32. The second look starts from a span that is off by 2⁻⁵² / (1e-4)², times 1e-4.
    for (const [i, value] of expected.s.entries()) {
      const error = Math.abs(value - (found.values[i] ?? 0));
      expect(error).toBeLessThanOrEqual(Math.max(2 ** -24 * value, 1e-11 * largest));
    }
  });

  test('has vectors at right angles', () => {
    // Rounding of sums of up to 70 products, several times over.
    expect(skewOf(found.vectors)).toBeLessThan(1e-13);
  });

  test('has vectors that the matrix stretches by the values', () => {
    const [size = 0] = found.vectors.shape;
    const along = columnsOf(rows <= columns ? weight : tensorOf(transposed(columnsOf(weight))));
    const images = product(transposed(along), transposed(columnsOf(found.vectors)));
    for (let k = 0; k < size; k++) {
      const length = Math.hypot(...(images[k] ?? []));
      // As above.
      const tolerance = Math.max(2 ** -24 * (found.values[k] ?? 0), 1e-11 * largest);
      expect(Math.abs(length - (found.values[k] ?? 0))).toBeLessThanOrEqual(tolerance);
    }
  });
});

/** The matrix of Wilkinson: pairs of eigenvalues that agree to all digits. */
function wilkinson(half: number): Matrix64 {
  const size = 2 * half + 1;
  const result = matrix64(size, size);
  for (let i = 0; i < size; i++) {
    result.data[i * size + i] = Math.abs(i - half);
    if (i + 1 === size) continue;
    result.data[i * size + i + 1] = 1;
    result.data[(i + 1) * size + i] = 1;
  }
  return result;
}

/** A of random vectors and given eigenvalues. */
function symmetric(values: readonly number[]): Matrix64 {
  const u = columnsOf(svd(drawn(values.length, values.length)).u);
  const scaled = u.map((column, k) => column.map((x) => x * (values[k] ?? 0)));
  return tensorOf(product(scaled, transposed(u)));
}

describe.each<readonly [string, Matrix64]>([
  ['Wilkinson 21', wilkinson(10)],
  ['Wilkinson 101', wilkinson(50)],
  ['clusters', symmetric(Array.from({ length: 150 }, (_, i) => Math.floor(i / 30) + 1e-15 * i))],
  ['graded', symmetric(Array.from({ length: 130 }, (_, i) => 2 ** (-i / 2)))],
  ['both signs', symmetric(Array.from({ length: 65 }, (_, i) => (i - 32) ** 3))],
])('eigenvectors: %s', (_, matrix) => {
  const given = matrix64(matrix.shape[0] ?? 0, matrix.shape[1] ?? 0);
  given.data.set(matrix.data);
  const { values, vectors } = computedHere(symmetricEigen(given));
  const largest = Math.max(...values.map(Math.abs));

  test('are at right angles', () => {
    // Rounding of a few hundred sums.
    expect(skewOf(vectors)).toBeLessThan(1e-13);
  });

  test('give the matrix', () => {
    const rows = transposed(columnsOf(vectors));
    const scaled = rows.map((column, k) => column.map((x) => x * (values[k] ?? 0)));
    const whole = tensorOf(product(scaled, transposed(rows)));
    // As above.
    expect(largestDifference(whole.data, matrix.data)).toBeLessThan(1e-13 * largest);
    expect([...values].every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))).toBe(true);
  });
});

test('products from elsewhere give the same', async () => {
  const weight = drawn(80, 90);
  let asked = 0;
  const multiply = async ({ a, b }: ProductRequest) => {
    asked += 1;
    return tensorOf(product(columnsOf(a), columnsOf(b)));
  };
  const { values } = await computedBy(spectrum(weight), multiply);
  expect(asked).toBeGreaterThan(0);
  // Sums in another order.
  expect(largestDifference(values, computedHere(spectrum(weight)).values)).toBeLessThan(1e-12);
});
