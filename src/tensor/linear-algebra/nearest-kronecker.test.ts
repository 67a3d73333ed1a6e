import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { float32, type Tensor, tensor } from '../tensor.ts';
import { kron, relativeL2 } from './host-matrices.ts';
import { nearestKronecker } from './nearest-kronecker.ts';

const size = fc.integer({ min: 1, max: 5 });
const seed = fc.integer({ min: 0, max: 1000 });
/** Products of float32 factors, rounded to float32. */
const rounding = 1e-6;

function random(shape: readonly number[], seed: number): Tensor<'f32'> {
  const count = shape.reduce((product, each) => product * each, 1);
  return float32(shape, new TorchGenerator(seed).randn(count));
}

function sum(tensors: readonly Tensor<'f32'>[]): Tensor<'f32'> {
  const total = float32(tensors[0]?.shape ?? [0]);
  for (const { data } of tensors) {
    for (const [i, value] of data.entries()) total.data[i] = (total.data[i] ?? 0) + value;
  }
  return total;
}

describe('nearestKronecker', () => {
  test('finds the factors of a product, to their scale and sign', () => {
    fc.assert(
      fc.property(size, size, size, size, seed, (a1, a2, b1, b2, seed) => {
        const product = kron(random([a1, a2], seed), random([b1, b2], seed + 1));
        const { terms, error } = nearestKronecker(product, [a1, a2]);
        expect(error).toBeLessThan(rounding);
        const [{ a, b } = { a: product, b: product }] = terms;
        expect([a.shape, b.shape]).toEqual([
          [a1, a2],
          [b1, b2],
        ]);
        expect(relativeL2(kron(a, b), product)).toBeLessThan(rounding);
        expect(Math.hypot(...a.data) / Math.hypot(...b.data)).toBeCloseTo(1, 5); // float32 factors
      }),
    );
  });

  test('finds a sum of products where it may use as many', () => {
    const products = [0, 10].map((seed) => kron(random([3, 4], seed), random([5, 2], seed + 1)));
    const matrix = sum(products);
    expect(nearestKronecker(matrix, [3, 4]).error).toBeGreaterThan(0.1);
    const { terms, error } = nearestKronecker(matrix, [3, 4], { terms: 2 });
    expect(error).toBeLessThan(rounding);
    expect(relativeL2(sum(terms.map(({ a, b }) => kron(a, b))), matrix)).toBeLessThan(rounding);
  });

  test('is nearer to a matrix than any product beside it, and says how near', () => {
    const matrix = random([12, 10], 0);
    const { terms, error } = nearestKronecker(matrix, [3, 5]);
    const [{ a, b } = { a: matrix, b: matrix }] = terms;
    expect(relativeL2(kron(a, b), matrix)).toBeCloseTo(error, 6); // float32
    fc.assert(
      fc.property(seed, fc.constantFrom(0.01, 0.1, 1), (seed, step) => {
        const beside = random(a.shape, seed).data.map(
          (value, i) => (a.data[i] ?? 0) + step * value,
        );
        const other = kron(tensor('f32', a.shape, beside), b);
        expect(relativeL2(other, matrix)).toBeGreaterThan(error);
      }),
    );
  });

  test('finds factors whose rows count as those of the published DiffuseKronA', () => {
    const [a, b] = [random([2, 4], 0), random([3, 5], 1)];
    const { data } = kron(a, b);
    // Row i·3 + p of A ⊗ B is row p·2 + i there.
    const published = float32([6, 20]);
    for (let row = 0; row < 6; row++) {
      const there = (row % 3) * 2 + Math.floor(row / 3);
      published.data.set(data.subarray(row * 20, (row + 1) * 20), there * 20);
    }
    expect(nearestKronecker(published, [2, 4]).error).toBeGreaterThan(0.1);
    const { error } = nearestKronecker(published, [2, 4], { layout: 'reference' });
    expect(error).toBeLessThan(rounding);
  });

  test('gives zeros for zeros', () => {
    expect(nearestKronecker(float32([4, 4]), [2, 2])).toMatchObject({
      terms: [{ a: float32([2, 2]), b: float32([2, 2]) }],
      error: 0,
    });
  });

  test('refuses factors that do not divide', () => {
    expect(() => nearestKronecker(float32([6, 4]), [4, 2])).toThrow(
      '[4, 2] does not divide [6, 4]',
    );
  });
});
