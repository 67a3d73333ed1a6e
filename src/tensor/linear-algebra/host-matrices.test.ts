import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float32, type Tensor } from '../tensor.ts';
import { kron, matmul, maxAbsDifference, relativeL2, transpose2d } from './host-matrices.ts';

const size = fc.integer({ min: 1, max: 5 });
/** Small integers, so that products and sums are exact in float32 and equality can be asked for. */
const matrix = (rows: number, columns: number): fc.Arbitrary<Tensor<'f32'>> =>
  fc
    .array(fc.integer({ min: -8, max: 8 }), {
      minLength: rows * columns,
      maxLength: rows * columns,
    })
    .map((values) => float32([rows, columns], values));
const sizes = (count: number): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength: count, maxLength: count });

describe('kron', () => {
  test('puts every element of A times the whole of B', () => {
    const product = kron(float32([1, 2], [2, 3]), float32([2, 2], [1, 0, 4, 5]));
    expect(product.shape).toEqual([2, 4]);
    expect([...product.data]).toEqual([2, 0, 3, 0, 8, 10, 12, 15]);
  });

  test('has the mixed product property (A ⊗ B)(C ⊗ D) = AC ⊗ BD', () => {
    const cases = sizes(6).chain(([a = 1, b = 1, c = 1, d = 1, e = 1, f = 1]) =>
      fc.tuple(matrix(a, b), matrix(c, d), matrix(b, e), matrix(d, f)),
    );
    fc.assert(
      fc.property(cases, ([A, B, C, D]) => {
        expect(
          maxAbsDifference(matmul(kron(A, B), kron(C, D)), kron(matmul(A, C), matmul(B, D))),
        ).toBe(0);
      }),
    );
  });

  test('refuses anything but matrices', () => {
    expect(() => kron(float32([4]), float32([2, 2]))).toThrow('got shape [4]');
  });
});

describe('matmul', () => {
  test('multiplies rows by columns', () => {
    const product = matmul(
      float32([2, 3], [1, 2, 3, 4, 5, 6]),
      float32([3, 2], [7, 8, 9, 10, 11, 12]),
    );
    expect([...product.data]).toEqual([58, 64, 139, 154]);
  });

  test('sums in float64: small terms survive a large one', () => {
    const row = float32([1, 4], [2 ** 24, 1, 1, -(2 ** 24)]);
    expect([...matmul(row, float32([4, 1], [1, 1, 1, 1])).data]).toEqual([2]);
  });

  test('names both shapes when the inner sizes differ', () => {
    expect(() => matmul(float32([2, 3]), float32([2, 3]))).toThrow('[2, 3] · [2, 3]');
  });
});

describe('transpose2d', () => {
  test('reverses products: (AB)ᵀ = BᵀAᵀ', () => {
    const cases = sizes(3).chain(([a = 1, b = 1, c = 1]) => fc.tuple(matrix(a, b), matrix(b, c)));
    fc.assert(
      fc.property(cases, ([A, B]) => {
        expect(
          maxAbsDifference(transpose2d(matmul(A, B)), matmul(transpose2d(B), transpose2d(A))),
        ).toBe(0);
      }),
    );
  });
});

describe('distances', () => {
  test('relativeL2 measures against the expected tensor', () => {
    expect(relativeL2(float32([2], [3, 5]), float32([2], [3, 4]))).toBe(1 / 5);
    expect(relativeL2(float32([2]), float32([2]))).toBe(0);
    expect(relativeL2(float32([1], [1]), float32([1]))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeL2(float32([1], [Number.NaN]), float32([1], [1]))).toBeNaN();
  });

  test('maxAbsDifference finds the worst element and never hides a NaN', () => {
    expect(maxAbsDifference(float32([3], [1, -2, 3]), float32([3], [1, 2, 3]))).toBe(4);
    expect(maxAbsDifference(float32([2], [Number.NaN, 1]), float32([2], [0, 0]))).toBeNaN();
  });

  test('refuse tensors of different shapes', () => {
    expect(() => relativeL2(float32([2]), float32([3]))).toThrow('[2] and [3]');
    expect(() => maxAbsDifference(float32([2]), float32([1, 2]))).toThrow('[2] and [1, 2]');
  });
});
