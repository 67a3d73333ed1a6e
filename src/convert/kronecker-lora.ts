/** @file The LoRA that a Kronecker product is, from the singular values of its two factors. */
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import { required } from '../base/required.ts';
import { type Svd, svd } from '../tensor/linear-algebra/svd.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';

/** ΔW = B A, with A [r, in] and B [out, r]. */
export interface LowRankFactors {
  readonly A: Tensor<'f32'>;
  readonly B: Tensor<'f32'>;
}

export interface KroneckerProduct {
  /** [a1, a2] */
  readonly a: Tensor<'f32'>;
  /** [b1, b2] */
  readonly b: Tensor<'f32'>;
  readonly layout: KroneckerLayout;
}

/**
 * The LoRA nearest to a Kronecker product, of the exact rank where none is given.
 *
 * The singular values of A ⊗ B are all σᵢ·τⱼ of A and B, their vectors uᵢ ⊗ uⱼ and vᵢ ⊗ vⱼ; rows in another order
 * permute the left ones and change nothing else. So its rank is rank(A)·rank(B).
 */
export function kroneckerLora(
  { a, b, layout }: KroneckerProduct,
  rank: number = Number.POSITIVE_INFINITY,
): LowRankFactors {
  const [left, right] = [svd(a), svd(b)];
  const pairs = [...left.s.subarray(0, rankOf(a, left))]
    .flatMap((s, i) =>
      [...right.s.subarray(0, rankOf(b, right))].map((t, j) => ({ i, j, value: s * t })),
    )
    .sort((one, other) => other.value - one.value)
    .slice(0, rank);
  const [[a1 = 0, a2 = 0], [b1 = 0, b2 = 0]] = [a.shape, b.shape];
  // A product of zeros has rank 0, for which there is no LoRA.
  const r = Math.max(1, pairs.length);
  const [A, B] = [float32([r, a2 * b2]), float32([a1 * b1, r])];
  for (const [k, { i, j, value }] of pairs.entries()) {
    const scale = Math.sqrt(value);
    for (let q = 0; q < a2; q++) {
      for (let p = 0; p < b2; p++) {
        A.data[k * a2 * b2 + q * b2 + p] = scale * at(left.v, q, i) * at(right.v, p, j);
      }
    }
    for (let q = 0; q < a1; q++) {
      for (let p = 0; p < b1; p++) {
        const row = layout === 'kron' ? q * b1 + p : p * a1 + q;
        B.data[row * r + k] = scale * at(left.u, q, i) * at(right.u, p, j);
      }
    }
  }
  return { A, B };
}

/** Rounding of float32 leaves this much of the largest singular value in those that are zero. */
const float32Rounding = 2 ** -23;

function rankOf({ shape }: Tensor<'f32'>, { s }: Svd): number {
  const least = (s[0] ?? 0) * float32Rounding * Math.max(...shape);
  return s.filter((value) => value > least).length;
}

function at({ shape, data }: Tensor<'f64'>, row: number, column: number): number {
  return data[row * required(shape, 1) + column] ?? 0;
}
