/** @file Similarities of embeddings. All rows are unit vectors, so that inner products are cosines. */
import { required } from '../base/required.ts';
import { matmul, transpose2d } from '../tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Mean cosine over all pairs of a row of `a` and a row of `b`. */
export function meanCosine(a: Tensor<'f32'>, b: Tensor<'f32'>): number {
  return mean(cosines(a, b).data);
}

/** Largest cosine of any row of `a` with any row of `b`. */
export function largestCosine(a: Tensor<'f32'>, b: Tensor<'f32'>): number {
  return Math.max(...cosines(a, b).data);
}

/** [rows of a, rows of b] */
function cosines(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  return matmul(a, transpose2d(b));
}

/** Mean cosine over all pairs of different rows; undefined of fewer than two. */
export function meanPairCosine(a: Tensor<'f32'>): number | undefined {
  const count = required(a.shape, 0);
  const pairs = cosines(a, a).data.filter((_, at) => at % count > Math.floor(at / count));
  return pairs.length === 0 ? undefined : mean(pairs);
}

/** Arithmetic mean. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

/** Standard deviation of a sample (n - 1); undefined of fewer than two values. */
export function deviation(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
