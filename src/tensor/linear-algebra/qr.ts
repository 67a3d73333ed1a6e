/** @file The thin QR factorisation by Householder reflections (Golub and Van Loan 2013, algorithm 5.2.1). */
import { required } from '../../base/required.ts';
import { addScaled, type Columns, dot, largestOf } from './columns.ts';

/** A = Q·R: Q of orthonormal columns, R upper triangular. */
export interface QrFactors {
  readonly q: Columns;
  readonly r: Columns;
}

/**
 * Factors [m, n] with m ≥ n into Q [m, n] and R [n, n].
 *
 * The columns of Q are orthonormal whatever the rank: where A adds no direction, Q adds one of its own.
 */
export function qr(a: Columns): QrFactors {
  const work = a.map((column) => column.slice());
  const reflectors = work.map((column, k) => {
    const reflector = reflectorOf(column, k);
    for (const later of work.slice(k)) reflect(later, reflector, k);
    return reflector;
  });
  const q = a.map((_, k) => {
    const column = new Float64Array(a[0]?.length ?? 0);
    column[k] = 1;
    // Reflectors after the k-th leave its unit vector alone.
    for (let i = k; i >= 0; i--) reflect(column, required(reflectors, i), i);
    return column;
  });
  const r = work.map((column, k) => column.subarray(0, a.length).fill(0, k + 1));
  return { q, r };
}

/** v with ‖v‖² = 2, or 0, such that x − v(vᵀx) is zero below its element k. */
function reflectorOf(x: Float64Array, k: number): Float64Array {
  const rest = x.slice().fill(0, 0, k);
  const largest = largestOf(rest);
  if (largest === 0) return rest;
  const v = rest.map((value) => value / largest); // so that no square is lost
  const norm = Math.sqrt(dot(v, v, k));
  const head = v[k] ?? 0;
  v[k] = head + (head < 0 ? -norm : norm);
  // ‖v‖² = 2·norm·(norm + |head|)
  const scale = Math.sqrt(norm * (norm + Math.abs(head)));
  return v.map((value) => value / scale);
}

/** x ← x − v(vᵀx) */
function reflect(x: Float64Array, v: Float64Array, k: number): void {
  addScaled(x, -dot(v, x, k), v, k);
}
