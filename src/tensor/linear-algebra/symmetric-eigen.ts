/** @file Eigenvalues and vectors of a symmetric matrix: blocked Householder reflections to tridiagonal form, and back. */
import { required } from '../../base/required.ts';
import {
  type Matrix64,
  matrix64,
  rowOf,
  times,
  transposed64,
  type WithProducts,
} from '../products.ts';
import { addScaled, dot } from './columns.ts';
import { type SymmetricEigen, tridiagonalEigen } from './tridiagonal-eigen.ts';

/** Columns that are reduced before the rest of the matrix is brought up to date. */
const panelWidth = 64;

/** A reflection I − τ·v·vᵀ. */
interface Reflector {
  readonly v: Float64Array;
  readonly tau: number;
}

/**
 * Decomposes a symmetric matrix [n, n], which is overwritten.
 *
 * Half of the work of the reduction is matrix times vector, all else products of matrices (Dongarra, Sorensen and
 * Hammarling 1989). Errors are those of rounding the largest eigenvalue.
 */
export function* symmetricEigen(matrix: Matrix64): WithProducts<SymmetricEigen> {
  const [size = 0] = matrix.shape;
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(Math.max(0, size - 1));
  const panels: (readonly Reflector[])[] = [];
  for (let start = 0; start < size; start += panelWidth) {
    panels.push(yield* reducePanel(matrix, start, { diagonal, beside }));
  }
  const { values, vectors } = yield* tridiagonalEigen(diagonal, beside);
  let turned = vectors;
  for (const panel of panels.reverse()) turned = yield* reflected(turned, panel);
  return { values, vectors: turned };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/** Reduces the columns from `start` on, and updates what is right of them: A ← A − V·Wᵀ − W·Vᵀ. */
function* reducePanel(
  matrix: Matrix64,
  start: number,
  { diagonal, beside }: Tridiagonal,
): WithProducts<readonly Reflector[]> {
  const [size = 0] = matrix.shape;
  const end = Math.min(start + panelWidth, size);
  const left: Float64Array[] = [];
  const right: Float64Array[] = [];
  const reflectors: Reflector[] = [];
  for (let j = start; j < end; j++) {
    const column = rowOf(matrix, j).slice();
    for (const [i, v] of left.entries()) {
      const w = required(right, i);
      addScaled(column, -(w[j] ?? 0), v, j);
      addScaled(column, -(v[j] ?? 0), w, j);
    }
    diagonal[j] = column[j] ?? 0;
    if (j + 1 === size) break;
    const { v, tau, head } = reflectorOf(column, j + 1);
    beside[j] = head;
    const w = matrixTimes(matrix, v, j + 1);
    for (const [i, earlier] of left.entries()) {
      const other = required(right, i);
      const [along, across] = [dot(other, v, j + 1), dot(earlier, v, j + 1)];
      addScaled(w, -along, earlier, j + 1);
      addScaled(w, -across, other, j + 1);
    }
    for (let i = j + 1; i < size; i++) w[i] = tau * (w[i] ?? 0);
    addScaled(w, -(tau * dot(w, v, j + 1)) / 2, v, j + 1);
    left.push(v);
    right.push(w);
    reflectors.push({ v, tau });
  }
  if (end < size) {
    const rest = size - end;
    const both = columnsFrom([...left, ...right], end);
    const crossed = transposed64(columnsFrom([...right, ...left], end));
    const { data } = yield* times(both, crossed);
    for (let i = 0; i < rest; i++) {
      const row = rowOf(matrix, end + i);
      for (let j = 0; j < rest; j++) row[end + j] = (row[end + j] ?? 0) - (data[i * rest + j] ?? 0);
    }
  }
  return reflectors;
}

/** The reflection that leaves of x, from `start` on, its first element alone: `head`. */
function reflectorOf(x: Float64Array, start: number): Reflector & { readonly head: number } {
  const v = x.slice().fill(0, 0, start);
  const first = v[start] ?? 0;
  const rest = Math.sqrt(dot(v, v, start + 1));
  v[start] = 1;
  if (rest === 0) return { v: v.fill(0, start + 1), tau: 0, head: first };
  const length = Math.hypot(first, rest);
  const head = first < 0 ? length : -length;
  const scale = 1 / (first - head);
  for (let i = start + 1; i < v.length; i++) v[i] = (v[i] ?? 0) * scale;
  return { v, tau: (head - first) / head, head };
}

/** A·v over the rows and columns from `start` on. */
function matrixTimes(matrix: Matrix64, v: Float64Array, start: number): Float64Array {
  const [size = 0] = matrix.shape;
  const { data } = matrix;
  const result = new Float64Array(size);
  let i = start;
  // Four rows at once: each element of v is read once for them.
  for (; i + 3 < size; i += 4) {
    const row = i * size;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = start; j < size; j++) {
      const x = v[j] ?? 0;
      s0 += (data[row + j] ?? 0) * x;
      s1 += (data[row + size + j] ?? 0) * x;
      s2 += (data[row + 2 * size + j] ?? 0) * x;
      s3 += (data[row + 3 * size + j] ?? 0) * x;
    }
    result[i] = s0;
    result[i + 1] = s1;
    result[i + 2] = s2;
    result[i + 3] = s3;
  }
  for (; i < size; i++) result[i] = dot(rowOf(matrix, i), v, start);
  return result;
}

/** Elements of columns from a row on, as a matrix. */
function columnsFrom(columns: readonly Float64Array[], start: number): Matrix64 {
  const rows = (columns[0]?.length ?? start) - start;
  const result = matrix64(rows, columns.length);
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < rows; i++) result.data[i * columns.length + j] = column[start + i] ?? 0;
  }
  return result;
}

/** Rows times (H₁···H_b)ᵀ = I − V·Tᵀ·Vᵀ (Schreiber and Van Loan 1989). */
function* reflected(rows: Matrix64, panel: readonly Reflector[]): WithProducts<Matrix64> {
  if (panel.length === 0) return rows;
  const v = columnsFrom(
    panel.map((each) => each.v),
    0,
  );
  const along = yield* times(rows, v); // [n, b]
  const weighted = yield* times(along, transposed64(triangle(panel)));
  const { data } = yield* times(weighted, transposed64(v));
  for (let i = 0; i < data.length; i++) rows.data[i] = (rows.data[i] ?? 0) - (data[i] ?? 0);
  return rows;
}

/** T, upper triangular: [b, b]. */
function triangle(panel: readonly Reflector[]): Matrix64 {
  const size = panel.length;
  const result = matrix64(size, size);
  for (const [j, { v, tau }] of panel.entries()) {
    const along = panel.slice(0, j).map((each) => dot(each.v, v));
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let k = i; k < j; k++) sum += (result.data[i * size + k] ?? 0) * required(along, k);
      result.data[i * size + j] = -tau * sum;
    }
    result.data[j * size + j] = tau;
  }
  return result;
}
