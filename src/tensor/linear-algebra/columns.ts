/** @file Matrices as lists of their columns in float64: each contiguous, which is how factorisations walk through them. */
import { ShapeError } from '../../base/errors.ts';
import { formatShape, type Tensor, tensor } from '../tensor.ts';

/** A matrix by its columns, which are of equal length. A list of rows is its transpose. */
export type Columns = readonly Float64Array[];

/** A host matrix of either precision. */
export type Matrix = Tensor<'f32' | 'f64'>;

/**
 * The columns of a host matrix.
 *
 * @throws ShapeError where the tensor is not a matrix or has no elements
 */
export function columnsOf({ shape, data }: Matrix): Columns {
  const [rows = 0, width = 0] = shape;
  if (shape.length !== 2 || data.length === 0) {
    throw new ShapeError(
      'NOT_A_MATRIX',
      `expected a matrix with elements, got shape ${formatShape(shape)}; reshape it to two axes`,
    );
  }
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => data[row * width + column] ?? 0),
  );
}

/** The matrix of columns: [length, columns]. */
export function tensorOf(columns: Columns): Tensor<'f64'> {
  const rows = columns[0]?.length ?? 0;
  const width = columns.length;
  const data = new Float64Array(rows * width);
  for (const [k, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) data[row * width + k] = column[row] ?? 0;
  }
  return tensor('f64', [rows, width], data);
}

/** The transpose: columns of what were rows. */
export function transposed(columns: Columns): Columns {
  const [first = []] = columns;
  return Array.from(first, (_, row) => Float64Array.from(columns, (column) => column[row] ?? 0));
}

/** A·B; A is walked through once, because it may be larger than the caches, and B mostly is not. */
export function product(a: Columns, b: Columns): Columns {
  const sums = b.map(() => new Float64Array(a[0]?.length ?? 0));
  for (const [k, column] of a.entries()) {
    for (const [j, sum] of sums.entries()) addScaled(sum, b[j]?.[k] ?? 0, column);
  }
  return sums;
}

/** Aᵀ·B, walking through A once. */
export function transposedProduct(a: Columns, b: Columns): Columns {
  const columns = b.map(() => new Float64Array(a.length));
  for (const [k, left] of a.entries()) {
    for (const [j, right] of b.entries()) {
      const column = columns[j];
      if (column !== undefined) column[k] = dot(left, right);
    }
  }
  return columns;
}

/** Σ aᵢ·bᵢ, from `start` on. */
export function dot(a: Float64Array, b: Float64Array, start = 0): number {
  // Four sums, as one would wait for itself.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = start;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
}

/** The largest magnitude. */
export function largestOf(column: Float64Array): number {
  return column.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** target ← target + factor·source, from `start` on. */
export function addScaled(
  target: Float64Array,
  factor: number,
  source: Float64Array,
  start = 0,
): void {
  for (let i = start; i < target.length; i++) {
    target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0);
  }
}
