/** @file The singular value decomposition: thin and to full accuracy, by QR and one-sided Jacobi rotations. */
import type { Tensor } from '../tensor.ts';
import { type Columns, columnsOf, type Matrix, product, tensorOf, transposed } from './columns.ts';
import { jacobi } from './jacobi.ts';
import { qr } from './qr.ts';

/** A = U·diag(s)·Vᵀ, largest singular values first. */
export interface Svd {
  /** Orthonormal columns: [m, k]. */
  readonly u: Tensor<'f64'>;
  readonly s: Float64Array;
  /** Orthonormal columns: [n, k]. */
  readonly v: Tensor<'f64'>;
}

/** The same by columns. */
export interface SvdColumns {
  readonly u: Columns;
  readonly s: Float64Array;
  readonly v: Columns;
}

/**
 * Factors [m, n] into U [m, k], s [k] and V [n, k], k = min(m, n).
 *
 * Errors are those of rounding the largest singular value to float64, whatever the rank.
 *
 * @throws ShapeError where the tensor is not a matrix or has no elements
 */
export function svd(matrix: Matrix): Svd {
  const { u, s, v } = svdOfColumns(columnsOf(matrix));
  return { u: tensorOf(u), s, v: tensorOf(v) };
}

/** The same of a matrix by its columns. */
export function svdOfColumns(a: Columns): SvdColumns {
  const rows = a[0]?.length ?? 0;
  if (rows < a.length) {
    const { u, s, v } = svdOfColumns(transposed(a));
    return { u: v, s, v: u };
  }
  // A = Q·R and Rᵀ·Z = V·diag(s), so R·V = Z·diag(s): the norms of its columns fall, and QR finds Z without loss.
  // Rotations of Rᵀ converge faster than those of A, and need not be kept.
  const { q, r } = qr(a);
  const { u: v, s } = jacobi(transposed(r));
  const z = qr(product(r, v));
  const signed = z.q.map((column, k) =>
    column.map((value) => ((z.r[k]?.[k] ?? 0) < 0 ? -value : value)),
  );
  return { u: product(q, signed), s, v };
}
