import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { float32, type Tensor, tensor } from '../tensor.ts';
import { type Columns, columnsOf, dot, product, transposed, transposedProduct } from './columns.ts';
import { qr } from './qr.ts';
import { type Svd, svd } from './svd.ts';
import { truncatedSvd } from './truncated-svd.ts';

/** Matrices of a few rows and columns are the hard ones; float64 rounding, times them and a few operations. */
const rounding = 1e-13;

/** Any matrix up to 8 × 8: often of less than full rank, as elements repeat. */
const matrices = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .chain(([rows, width]) =>
    fc
      .array(
        fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -1, max: 1, noNaN: true })),
        {
          minLength: rows * width,
          maxLength: rows * width,
        },
      )
      .map((values) => tensor('f64', [rows, width], Float64Array.from(values))),
  );

function random(rows: number, width: number, seed = 0): Tensor<'f32'> {
  return float32([rows, width], new TorchGenerator(seed).randn(rows * width));
}

/** Of a given rank, with columns as the product of random factors. */
function randomOfRank(rows: number, width: number, rank: number): Columns {
  return product(columnsOf(random(rows, rank, 1)), columnsOf(random(rank, width, 2)));
}

function f64(columns: Columns): Tensor<'f64'> {
  const rows = transposed(columns);
  return tensor(
    'f64',
    [rows.length, columns.length],
    Float64Array.from(rows.flatMap((row) => [...row])),
  );
}

function norm(columns: Columns): number {
  return Math.sqrt(columns.reduce((sum, column) => sum + dot(column, column), 0));
}

function difference(a: Columns, b: Columns): number {
  return norm(a.map((column, k) => column.map((value, i) => value - (b[k]?.[i] ?? Number.NaN))));
}

function identity(size: number): Columns {
  return Array.from({ length: size }, (_, k) =>
    Float64Array.from({ length: size }, (_, i) => Number(i === k)),
  );
}

/** How far columns are from being orthonormal. */
function skewness(columns: Columns): number {
  return difference(transposedProduct(columns, columns), identity(columns.length));
}

function rebuilt({ u, s, v }: Svd): Columns {
  const scaled = columnsOf(u).map((column, k) => column.map((value) => value * (s[k] ?? 0)));
  return product(scaled, transposed(columnsOf(v)));
}

describe('qr', () => {
  test('gives orthonormal columns, whatever the rank, and an upper triangle', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const columns = columnsOf(matrix);
        const a = (columns[0]?.length ?? 0) < columns.length ? transposed(columns) : columns;
        const { q, r } = qr(a);
        expect(difference(product(q, r), a)).toBeLessThan(rounding);
        expect(skewness(q)).toBeLessThan(rounding);
        for (const [k, column] of r.entries()) {
          expect([...column.subarray(k + 1)].every((value) => value === 0)).toBe(true);
        }
      }),
    );
  });
});

describe('svd', () => {
  test('takes any matrix apart into orthonormal vectors and falling values, and back', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const factors = svd(matrix);
        expect(difference(rebuilt(factors), columnsOf(matrix))).toBeLessThan(rounding);
        expect(skewness(columnsOf(factors.u))).toBeLessThan(rounding);
        expect(skewness(columnsOf(factors.v))).toBeLessThan(rounding);
        expect([...factors.s]).toEqual([...factors.s].sort((a, b) => b - a));
        expect(factors.s.every((value) => value >= 0)).toBe(true);
      }),
    );
  });

  test('finds known singular values to full accuracy', () => {
    const size = 40;
    const positions = Array.from({ length: size * size }, (_, i) => [
      Math.floor(i / size),
      i % size,
    ]);
    // Running sums, and second differences: the closed forms of their values.
    const sums = positions.map(([row = 0, column = 0]) => Number(column <= row));
    const differences = positions.map(([row = 0, column = 0]) =>
      row === column ? 2 : -Number(Math.abs(row - column) === 1),
    );
    const { s: ofSums } = svd(tensor('f64', [size, size], Float64Array.from(sums)));
    const { s: ofDifferences } = svd(tensor('f64', [size, size], Float64Array.from(differences)));
    for (let k = 0; k < size; k++) {
      const known = 1 / (2 * Math.sin(((2 * k + 1) * Math.PI) / (4 * size + 2)));
      expect(Math.abs((ofSums[k] ?? 0) - known)).toBeLessThan(rounding);
      const angle = ((size - k) * Math.PI) / (2 * (size + 1));
      expect(Math.abs((ofDifferences[k] ?? 0) - 4 * Math.sin(angle) ** 2)).toBeLessThan(rounding);
    }
  });

  test('keeps its vectors orthonormal where the rank is low, and where there is nothing', () => {
    for (const a of [randomOfRank(30, 20, 3), columnsOf(float32([4, 6]))]) {
      const { u, s, v } = svd(f64(a));
      expect(skewness(columnsOf(u))).toBeLessThan(rounding);
      expect(skewness(columnsOf(v))).toBeLessThan(rounding);
      // The largest is about 50.
      expect(Math.max(...s.subarray(3))).toBeLessThan(50 * rounding);
    }
  });

  test('ends, with nothing found, where an element is not a number', () => {
    expect(svd(float32([2, 2], [1, Number.NaN, 0, 1])).s[0]).toBeNaN();
  });

  test('refuses what is not a matrix', () => {
    expect(() => svd(float32([4]))).toThrow('got shape [4]');
    expect(() => svd(float32([0, 3]))).toThrow('got shape [0, 3]');
  });
});

describe('truncatedSvd', () => {
  test('is exact for a matrix of the rank or less', () => {
    const a = randomOfRank(90, 70, 5);
    for (const rank of [5, 8]) {
      const factors = truncatedSvd(f64(a), rank);
      expect(factors.s).toHaveLength(rank);
      expect(difference(rebuilt(factors), a) / norm(a)).toBeLessThan(rounding);
      expect(skewness(columnsOf(factors.u))).toBeLessThan(rounding);
    }
  });

  test('leaves out what the smaller values hold, and no more', () => {
    // Values that fall as 1/k: those of a random matrix, replaced.
    const { u, s: flat, v } = svd(random(120, 80));
    const s = flat.map((_, k) => 1 / (k + 1));
    const a = rebuilt({ u, s, v });
    const truncated = truncatedSvd(f64(a), 6);
    const least = Math.sqrt(s.subarray(6).reduce((sum, value) => sum + value * value, 0));
    // What is left of the start after 6 turns: (σ₁₇/σ₆)^26 = 2e-12.
    expect(Math.abs(difference(rebuilt(truncated), a) / least - 1)).toBeLessThan(2e-12);
    for (const [k, value] of truncated.s.entries()) {
      expect(Math.abs(value - 1 / (k + 1))).toBeLessThan(2e-12);
    }
  });

  test('is the same for the same seed, and as good for another', () => {
    const matrix = random(100, 100);
    const [first, again, other] = [3, 3, 4].map((seed) => truncatedSvd(matrix, 2, { seed }));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    // The values of a random matrix hardly fall off; σ₁ is found best.
    const [largest = 0] = svd(matrix).s;
    for (const each of [first, other]) {
      expect(Math.abs((each?.s[0] ?? 0) / largest - 1)).toBeLessThan(0.01);
    }
  });

  test('gives all there is of a small matrix, at most', () => {
    expect(truncatedSvd(random(3, 5), 9).s).toHaveLength(3);
  });
});
