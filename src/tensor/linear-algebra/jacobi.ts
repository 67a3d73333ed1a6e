/** @file One-sided Jacobi rotations: columns of a square matrix turned until they are orthogonal (Hestenes 1958; de Rijk 1989). */
import { required } from '../../base/required.ts';
import { type Columns, dot, largestOf } from './columns.ts';
import { qr } from './qr.ts';

/** Singular values, the largest first, and the vectors on the left. */
export interface LeftVectors {
  readonly u: Columns;
  readonly s: Float64Array;
}

const epsilon = 2 ** -52;
/** Convergence is quadratic in the end: about ten are usual. */
const sweepLimit = 60;

/** Rotates the columns of a square matrix until they are orthogonal, U·diag(s). */
export function jacobi(square: Columns): LeftVectors {
  const size = square.length;
  const scale = Math.max(...square.map(largestOf)) || 1; // so that no square is lost
  const columns = square.map((column) => column.map((value) => value / scale));
  let isOrthogonal = false;
  for (let sweep = 0; sweep < sweepLimit && !isOrthogonal; sweep++) {
    isOrthogonal = rotateAll(columns, sortByNorm(columns));
  }
  const norms = sortByNorm(columns).map(Math.sqrt);
  const rank = norms.filter((norm) => norm > noiseOf(norms)).length;
  const u = columns
    .slice(0, rank)
    .map((column, k) => column.map((value) => value / (norms[k] ?? 0)));
  return { u: completed(u, size), s: norms.map((norm) => norm * scale) };
}

/** Puts the columns in falling order of their norms; returns the squares of these. */
function sortByNorm(columns: Float64Array[]): Float64Array {
  const squares = new Map(columns.map((column) => [column, dot(column, column)]));
  columns.sort((a, b) => (squares.get(b) ?? 0) - (squares.get(a) ?? 0));
  return Float64Array.from(columns, (column) => squares.get(column) ?? 0);
}

/** One rotation of every pair of columns of given squared norms; returns whether none was needed. */
function rotateAll(columns: Columns, squares: Float64Array): boolean {
  const size = columns.length;
  const noise = noiseOf(squares.map(Math.sqrt)) ** 2;
  const tolerance = epsilon * Math.sqrt(size);
  let isOrthogonal = true;
  for (const [p, left] of columns.entries()) {
    for (let q = p + 1; q < size; q++) {
      const right = required(columns, q);
      const alpha = squares[p] ?? 0;
      const beta = squares[q] ?? 0;
      if (Math.min(alpha, beta) <= noise) continue;
      const product = dot(left, right);
      // Said so that what is not a number is left alone.
      if (!(Math.abs(product) > tolerance * Math.sqrt(alpha * beta))) continue;
      isOrthogonal = false;
      // The smaller root of t² + 2ζt = 1 makes the columns orthogonal.
      const zeta = (beta - alpha) / (2 * product);
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      rotate(left, right, tangent);
      squares[p] = alpha - tangent * product;
      squares[q] = beta + tangent * product;
    }
  }
  return isOrthogonal;
}

/** Turns two columns by an angle of a given tangent, as small changes: many turns then stay a rotation (Rutishauser 1966). */
function rotate(left: Float64Array, right: Float64Array, tangent: number): void {
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  const tau = sine / (1 + cosine); // the tangent of half the angle
  for (let i = 0; i < left.length; i++) {
    const x = left[i] ?? 0;
    const y = right[i] ?? 0;
    left[i] = x - sine * (y + tau * x);
    right[i] = y + sine * (x - tau * y);
  }
}

/** As many columns as they are long: the given orthonormal ones, and what is orthogonal to them. */
function completed(columns: Columns, size: number): Columns {
  if (columns.length === size) return columns;
  const rest = Array.from({ length: size - columns.length }, () => new Float64Array(size));
  return [...columns, ...qr([...columns, ...rest]).q.slice(columns.length)];
}

/** What rounding leaves of a singular value of zero. */
function noiseOf(values: Float64Array): number {
  return epsilon * Math.sqrt(values.length) * Math.max(...values);
}
