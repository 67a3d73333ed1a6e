/** @file The Kronecker products nearest to a matrix (Van Loan and Pitsianis 1993). */
import { ShapeError } from '../../base/errors.ts';
import {
  concatenated,
  float32,
  formatShape,
  joinedColumns,
  reshaped,
  type Tensor,
} from '../tensor.ts';
import type { Matrix } from './columns.ts';
import { matmul, relativeL2 } from './host-matrices.ts';
import { type TruncationOptions, truncatedSvd } from './truncated-svd.ts';

export interface NearestKronecker {
  /** W ≈ Σ A ⊗ B, the largest product first; an A and its B have equal norms. */
  readonly terms: readonly { readonly a: Tensor<'f32'>; readonly b: Tensor<'f32'> }[];
  /** ‖W − Σ A ⊗ B‖ / ‖W‖, Frobenius. */
  readonly error: number;
}

export interface NearestKroneckerOptions extends TruncationOptions {
  /** Products that are summed. @default 1 */
  readonly terms?: number;
  /** Rows as A ⊗ B has them, i·b1 + p of A's row i and B's p, or p·a1 + i as the published DiffuseKronA. @default 'kron' */
  readonly layout?: 'kron' | 'reference';
}

/**
 * The sum of products A ⊗ B nearest to W [a1·b1, a2·b2], with factors A [a1, a2] and B [b1, b2].
 *
 * They are the first singular vectors of W rearranged, with the block that A[i, j] scales as its row i·a2 + j.
 *
 * @throws ShapeError KRONECKER_FACTORS where W is not a matrix that a1 and a2 divide
 */
export function nearestKronecker(
  matrix: Matrix,
  a: readonly [a1: number, a2: number],
  { terms = 1, layout = 'kron', ...truncation }: NearestKroneckerOptions = {},
): NearestKronecker {
  const b = otherFactor(matrix, a);
  const blocks = rearranged(matrix, { a, b, layout });
  const { u, s, v } = truncatedSvd(blocks, terms, truncation);
  const factors = Array.from(s, (value, k) => ({
    a: float32(a, scaledColumn(u, k, Math.sqrt(value))),
    b: float32(b, scaledColumn(v, k, Math.sqrt(value))),
  }));
  const [count = 0, size = 0] = blocks.shape;
  const sum = matmul(
    joinedColumns(factors.map((each) => reshaped(each.a, [count, 1]))),
    concatenated(factors.map((each) => reshaped(each.b, [1, size]))),
  );
  return { terms: factors, error: relativeL2(sum, blocks) };
}

function otherFactor(
  { shape }: Matrix,
  [a1, a2]: readonly [number, number],
): readonly [b1: number, b2: number] {
  const [rows = 0, columns = 0] = shape;
  const b = [rows / a1, columns / a2] as const;
  if (shape.length === 2 && b.every((size) => Number.isInteger(size) && size > 0)) return b;
  throw new ShapeError(
    'KRONECKER_FACTORS',
    `nearestKronecker: a factor of ${formatShape([a1, a2])} does not divide ${formatShape(shape)}; both its sizes must divide those of the matrix`,
  );
}

interface Rearrangement {
  readonly a: readonly [a1: number, a2: number];
  readonly b: readonly [b1: number, b2: number];
  readonly layout: 'kron' | 'reference';
}

/** Blocks as rows: [a1·a2, b1·b2]. */
function rearranged(
  { data }: Matrix,
  { a: [a1, a2], b: [b1, b2], layout }: Rearrangement,
): Tensor<'f32'> {
  const blocks = float32([a1 * a2, b1 * b2]);
  for (let i = 0; i < a1; i++) {
    for (let p = 0; p < b1; p++) {
      const row = layout === 'kron' ? i * b1 + p : p * a1 + i;
      for (let j = 0; j < a2; j++) {
        const start = (row * a2 + j) * b2;
        blocks.data.set(data.subarray(start, start + b2), ((i * a2 + j) * b1 + p) * b2);
      }
    }
  }
  return blocks;
}

function scaledColumn({ shape, data }: Tensor<'f64'>, column: number, scale: number): number[] {
  const [rows = 0, width = 0] = shape;
  return Array.from({ length: rows }, (_, row) => scale * (data[row * width + column] ?? 0));
}
