import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import { kron, matmul, relativeL2 } from '../tensor/linear-algebra/host-matrices.ts';
import { svd } from '../tensor/linear-algebra/svd.ts';
import { elementCount, float32, type Shape, type Tensor } from '../tensor/tensor.ts';
import { kroneckerLora } from './kronecker-lora.ts';

const random = new TorchGenerator(0);

function randomMatrix(...shape: Shape): Tensor<'f32'> {
  return float32(shape, random.randn(elementCount(shape)));
}

/** The definition of the published layout, entry by entry: row p·a1 + q has what A ⊗ B has in row q·b1 + p. */
function reference(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  const [[a1 = 0], [b1 = 0]] = [a.shape, b.shape];
  const plain = kron(a, b);
  const columns = plain.shape[1] ?? 0;
  const permuted = float32(plain.shape);
  for (let q = 0; q < a1; q++) {
    for (let p = 0; p < b1; p++) {
      const from = (q * b1 + p) * columns;
      permuted.data.set(plain.data.subarray(from, from + columns), (p * a1 + q) * columns);
    }
  }
  return permuted;
}

const products = { kron, reference } as const;

describe.each(['kron', 'reference'] as const)(
  'a Kronecker product of layout %s as LoRA',
  (layout) => {
    test.each([
      [[4, 6], [5, 3], 12],
      [[1, 6], [5, 3], 3],
      [[7, 2], [1, 9], 2],
      [[1, 1], [4, 4], 4],
    ])('of %j and %j has rank %i and is the same', (shapeA, shapeB, rank) => {
      const [a, b] = [randomMatrix(...shapeA), randomMatrix(...shapeB)];
      const { A, B } = kroneckerLora({ a, b, layout });
      expect(A.shape[0]).toBe(rank);
      // Factors are rounded to float32 once.
      expect(relativeL2(matmul(B, A), products[layout](a, b))).toBeLessThan(3e-7);
    });

    test('sees factors of lower rank', () => {
      const a = matmul(randomMatrix(8, 2), randomMatrix(2, 8));
      const b = matmul(randomMatrix(6, 3), randomMatrix(3, 10));
      const { A, B } = kroneckerLora({ a, b, layout });
      expect(A.shape).toEqual([6, 80]);
      expect(relativeL2(matmul(B, A), products[layout](a, b))).toBeLessThan(1e-6);
    });

    test('of a smaller rank leaves what the singular values of the whole matrix say, and no more', () => {
      const [a, b] = [randomMatrix(4, 6), randomMatrix(5, 3)];
      const whole = products[layout](a, b);
      const { s } = svd(whole);
      const norm = (values: Float64Array) => Math.hypot(...values);
      for (const rank of [1, 5, 11]) {
        const { A, B } = kroneckerLora({ a, b, layout }, rank);
        expect(relativeL2(matmul(B, A), whole)).toBeCloseTo(norm(s.subarray(rank)) / norm(s), 6);
      }
    });
  },
);

test('a product of zeros is a LoRA of rank 1, of zeros', () => {
  const { A, B } = kroneckerLora({ a: randomMatrix(2, 2), b: float32([3, 3]), layout: 'kron' });
  expect([A.shape, B.shape]).toEqual([
    [1, 6],
    [6, 1],
  ]);
  expect([...A.data, ...B.data].every((value) => value === 0)).toBe(true);
});
