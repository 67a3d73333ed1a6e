/** @file The largest singular values only, from a random subspace that powers of the matrix turn to them. */
import { TorchGenerator } from '../../base/torch-random.ts';
import {
  type Columns,
  columnsOf,
  type Matrix,
  product,
  tensorOf,
  transposedProduct,
} from './columns.ts';
import { qr } from './qr.ts';
import { type Svd, type SvdColumns, svdOfColumns } from './svd.ts';

export interface TruncationOptions {
  /** Directions tried beyond the rank. @default 10 */
  readonly oversampling?: number;
  /** Times that the matrix and its transpose turn them. @default 6 */
  readonly iterations?: number;
  /** Decides the directions that are tried first. @default 0 */
  readonly seed?: number;
}

/**
 * The `rank` largest singular values of [m, n] and their vectors, or all where there are no more.
 *
 * Exact to rounding for matrices of at most that rank, and small ones; otherwise as good as singular values
 * fall off behind the rank (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1).
 *
 * @throws ShapeError where the tensor is not a matrix or has no elements
 */
export function truncatedSvd(
  matrix: Matrix,
  rank: number,
  { oversampling = 10, iterations = 6, seed = 0 }: TruncationOptions = {},
): Svd {
  const a = columnsOf(matrix);
  const [rows, width] = [a[0]?.length ?? 0, a.length];
  const tried = rank + oversampling;
  const all =
    2 * tried < Math.min(rows, width)
      ? rangeSvd(a, startAt(width, tried, seed), iterations)
      : svdOfColumns(a);
  return {
    u: tensorOf(all.u.slice(0, rank)),
    s: all.s.slice(0, rank),
    v: tensorOf(all.v.slice(0, rank)),
  };
}

function startAt(length: number, count: number, seed: number): Columns {
  const generator = new TorchGenerator(seed);
  return Array.from({ length: count }, () => Float64Array.from(generator.randn(length)));
}

/** The decomposition of A within the range of (A·Aᵀ)^iterations·A·start. */
function rangeSvd(a: Columns, start: Columns, iterations: number): SvdColumns {
  let range = qr(product(a, start)).q;
  for (let i = 0; i < iterations; i++) {
    range = qr(product(a, qr(transposedProduct(a, range)).q)).q;
  }
  // Q·Qᵀ·A ≈ A, and Aᵀ·Q = V·diag(s)·Wᵀ, so A ≈ (Q·W)·diag(s)·Vᵀ.
  const { u: v, s, v: w } = svdOfColumns(transposedProduct(a, range));
  return { u: product(range, w), s, v };
}
