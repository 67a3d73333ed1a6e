/** @file Eigenvalues and vectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981; Gu and Eisenstat 1995). */
import { required } from '../../base/required.ts';
import { type Matrix64, matrix64, rowOf, times, type WithProducts } from '../products.ts';
import { fromRoot, type SecularRoot, secularRoot } from './secular.ts';

/** A = Vᵀ·diag(values)·V. */
export interface SymmetricEigen {
  /** Rising. */
  readonly values: Float64Array;
  /** A vector a row: [n, n]. */
  readonly vectors: Matrix64;
}

const epsilon = 2 ** -52;

/**
 * Decomposes the matrix of a diagonal and the elements beside it.
 *
 * @param diagonal [n]
 * @param beside [n − 1]
 */
export function* tridiagonalEigen(
  diagonal: Float64Array,
  beside: Float64Array,
): WithProducts<SymmetricEigen> {
  const { length } = diagonal;
  if (length === 1) {
    const vectors = matrix64(1, 1);
    vectors.data[0] = 1;
    return { values: diagonal.slice(), vectors };
  }
  // T = diag(T₁, T₂) + |b|·u·uᵀ with u = (0, ..., 1, ±1, ..., 0).
  const middle = length >> 1;
  const bridge = beside[middle - 1] ?? 0;
  const rho = Math.abs(bridge);
  const upper = diagonal.slice(0, middle);
  const lower = diagonal.slice(middle);
  upper[middle - 1] = (upper[middle - 1] ?? 0) - rho;
  lower[0] = (lower[0] ?? 0) - rho;
  const first = yield* tridiagonalEigen(upper, beside.slice(0, middle - 1));
  const second = yield* tridiagonalEigen(lower, beside.slice(middle));
  return yield* joined(first, second, { rho, sign: bridge < 0 ? -1 : 1 });
}

/** A problem diag(d) + ρ·z·zᵀ in a basis, d rising. */
interface Joint {
  readonly d: Float64Array;
  readonly z: Float64Array;
  readonly rho: number;
  readonly rows: readonly Float64Array[];
}

interface Bridge {
  readonly rho: number;
  readonly sign: number;
}

function* joined(
  first: SymmetricEigen,
  second: SymmetricEigen,
  bridge: Bridge,
): WithProducts<SymmetricEigen> {
  const joint = jointOf(first, second, bridge);
  const { kept, done } = deflated(joint);
  const pick = (from: Float64Array) => Float64Array.from(kept, (i) => from[i] ?? 0);
  const equation = { d: pick(joint.d), z: pick(joint.z), rho: joint.rho };
  const roots = kept.map((_, i) => secularRoot(equation, i));
  const turned =
    kept.length === 0
      ? undefined
      : yield* times(
          secularVectors(equation, roots),
          stacked(kept.map((i) => required(joint.rows, i))),
        );
  const results = [
    ...roots.map(({ pole, distance }, i) => ({
      value: (equation.d[pole] ?? 0) + distance,
      row: turned === undefined ? equation.d : rowOf(turned, i),
    })),
    ...done.map((i) => ({ value: joint.d[i] ?? 0, row: required(joint.rows, i) })),
  ].sort((a, b) => a.value - b.value);
  return {
    values: Float64Array.from(results, ({ value }) => value),
    vectors: stacked(results.map(({ row }) => row)),
  };
}

/** Both halves as one problem, z of length 1. */
function jointOf(first: SymmetricEigen, second: SymmetricEigen, { rho, sign }: Bridge): Joint {
  const [before, after] = [first.values.length, second.values.length];
  const entries = [
    ...Array.from(first.values, (value, i) => {
      const row = new Float64Array(before + after);
      row.set(rowOf(first.vectors, i));
      return { value, row, z: row[before - 1] ?? 0 };
    }),
    ...Array.from(second.values, (value, i) => {
      const row = new Float64Array(before + after);
      row.set(rowOf(second.vectors, i), before);
      return { value, row, z: sign * (row[before] ?? 0) };
    }),
  ].sort((a, b) => a.value - b.value);
  // The last row of one orthogonal matrix and the first of another: ‖z‖² = 2.
  return {
    d: Float64Array.from(entries, ({ value }) => value),
    z: Float64Array.from(entries, ({ z }) => z / Math.SQRT2),
    rho: 2 * rho,
    rows: entries.map(({ row }) => row),
  };
}

/**
 * Sets aside what is an eigenvector already to rounding: where z is zero, and where of two equal values a rotation makes
 * it so. Rotates within `joint`.
 */
function deflated({ d, z, rho, rows }: Joint) {
  const largest = Math.max(rho, ...d.map(Math.abs));
  const tolerance = 8 * epsilon * largest;
  const kept: number[] = [];
  const done: number[] = [];
  let previous: number | undefined;
  for (const i of d.keys()) {
    if (rho * Math.abs(z[i] ?? 0) <= tolerance) {
      done.push(i);
      continue;
    }
    if (previous !== undefined) {
      const length = Math.hypot(z[i] ?? 0, z[previous] ?? 0);
      const cosine = (z[i] ?? 0) / length;
      const sine = -(z[previous] ?? 0) / length;
      const gap = (d[i] ?? 0) - (d[previous] ?? 0);
      if (Math.abs(gap * cosine * sine) <= tolerance) {
        rotate(rows[previous], rows[i], cosine, sine);
        const [low, high] = [d[previous] ?? 0, d[i] ?? 0];
        d[previous] = low * cosine * cosine + high * sine * sine;
        d[i] = low * sine * sine + high * cosine * cosine;
        z[previous] = 0;
        z[i] = length;
        done.push(previous);
      } else {
        kept.push(previous);
      }
    }
    previous = i;
  }
  if (previous !== undefined) kept.push(previous);
  return { kept, done };
}

function rotate(
  a: Float64Array | undefined,
  b: Float64Array | undefined,
  cosine: number,
  sine: number,
): void {
  if (a === undefined || b === undefined) return;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    a[i] = cosine * x + sine * y;
    b[i] = cosine * y - sine * x;
  }
}

/**
 * The eigenvectors, a row each, of the z that has exactly these roots: orthogonal however near they are
 * (Gu and Eisenstat 1994).
 */
function secularVectors({ d, z }: Pick<Joint, 'd' | 'z'>, roots: readonly SecularRoot[]): Matrix64 {
  const count = d.length;
  const differences = matrix64(count, count); // d_j − λ_i
  for (const [i, root] of roots.entries()) {
    const row = rowOf(differences, i);
    for (let j = 0; j < count; j++) row[j] = fromRoot(d, root, j);
  }
  // ẑ_j² ∝ Π_i (λ_i − d_j) / Π_{i≠j} (d_i − d_j)
  const fitting = Float64Array.from(d, (own, j) => {
    let squared = -(differences.data[j * count + j] ?? 0);
    for (let i = 0; i < count; i++) {
      if (i !== j) squared *= -(differences.data[i * count + j] ?? 0) / ((d[i] ?? 0) - own);
    }
    return Math.sign(z[j] ?? 0) * Math.sqrt(Math.abs(squared));
  });
  for (let i = 0; i < count; i++) {
    const row = rowOf(differences, i);
    let squares = 0;
    for (let j = 0; j < count; j++) {
      const element = (fitting[j] ?? 0) / (row[j] ?? 0);
      row[j] = element;
      squares += element * element;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let j = 0; j < count; j++) row[j] = (row[j] ?? 0) * scale;
  }
  return differences;
}

function stacked(rows: readonly Float64Array[]): Matrix64 {
  const result = matrix64(rows.length, rows[0]?.length ?? 0);
  for (const [i, row] of rows.entries()) rowOf(result, i).set(row);
  return result;
}
