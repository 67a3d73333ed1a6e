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
      ? within(a, rangeSvd(startAt(width, tried, seed), iterations))
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

/** A product that is asked for: A·columns, or Aᵀ·columns. */
export interface AskedProduct {
  readonly isTransposed: boolean;
  readonly columns: Columns;
}

/** A computation with a matrix A of which it knows products alone. */
export type WithMatrix<Result> = Generator<AskedProduct, Result, Columns>;

/**
 * The decomposition of A [m, n] within the range of (A·Aᵀ)^iterations·A·start, from 2 + 2·iterations products.
 *
 * @param start columns of length n, not more of them than m or n
 */
export function* rangeSvd(start: Columns, iterations: number): WithMatrix<SvdColumns> {
  let range = qr(yield { isTransposed: false, columns: start }).q;
  for (let i = 0; i < iterations; i++) {
    const { q: columns } = qr(yield { isTransposed: true, columns: range });
    range = qr(yield { isTransposed: false, columns }).q;
  }
  // Q·Qᵀ·A ≈ A, and Aᵀ·Q = V·diag(s)·Wᵀ, so A ≈ (Q·W)·diag(s)·Vᵀ.
  const { u: v, s, v: w } = svdOfColumns(yield { isTransposed: true, columns: range });
  return { u: product(range, w), s, v };
}

/** The computation with A at hand. */
function within<Result>(a: Columns, work: WithMatrix<Result>): Result {
  let step = work.next();
  while (!step.done) {
    const { isTransposed, columns } = step.value;
    step = work.next(isTransposed ? transposedProduct(a, columns) : product(a, columns));
  }
  return step.value;
}
