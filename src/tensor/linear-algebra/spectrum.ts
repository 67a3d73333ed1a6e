/** @file Singular values and the vectors of a matrix's shorter side, from its Gram matrix. */
import {
  type Matrix64,
  matrix64,
  rowOf,
  times,
  transposed64,
  type WithProducts,
} from '../products.ts';
import type { Tensor } from '../tensor.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** With k = min(m, n) and W of [m, n]: W = U·diag(σ)·Vᵀ. */
export interface Spectrum {
  /** σ, falling: [k]. */
  readonly values: Float64Array;
  /** A vector a row: columns of U where m ≤ n, of V otherwise, [k, k]. */
  readonly vectors: Matrix64;
}

/** Columns that a Gram matrix adds up at once: of a large convolution, float64 copies of all would take gigabytes. */
const chunk = 1024;
/** Squares of singular values are exact to rounding of the largest, so that smaller shares are looked at again. */
const exactFrom = 1e-4;
/** Where a second look ends: float32 weights say no more. */
export const smallestShare = 1e-6;

/**
 * The spectrum of a matrix.
 *
 * Values are exact to float32 down to 1e-4 of the largest; below, their error is 1e-11 of it at most, and what is under
 * `smallestShare` is rounding of the weights themselves.
 */
export function* spectrum({ shape, data }: Tensor<'f32'>): WithProducts<Spectrum> {
  const [rows = 0, columns = 0] = shape;
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const short = Math.min(rows, columns);
  const element =
    rows <= columns
      ? (i: number, j: number) => (data[i * columns + j] ?? 0) / largest
      : (i: number, j: number) => (data[j * columns + i] ?? 0) / largest;
  const part = (start: number, end: number) => {
    const result = matrix64(short, end - start);
    for (let i = 0; i < short; i++) {
      for (let j = start; j < end; j++) {
        result.data[i * (end - start) + j - start] = element(i, j);
      }
    }
    return result;
  };
  const { values, vectors } = yield* spectrumOfParts({
    count: short,
    length: Math.max(rows, columns),
    part,
  });
  return { values: values.map((value) => value * largest), vectors };
}

/** A matrix [count, length] by blocks of its columns. */
interface Parts {
  readonly count: number;
  readonly length: number;
  readonly part: (start: number, end: number) => Matrix64;
}

/** @param floor values at or below it need not be told apart */
function* spectrumOfParts(parts: Parts, floor = 0): WithProducts<Spectrum> {
  const { count, length } = parts;
  const { values: squares, vectors: rising } = yield* symmetricEigen(yield* gram(parts));
  const vectors = matrix64(count, count);
  for (let i = 0; i < count; i++) rowOf(vectors, i).set(rowOf(rising, count - 1 - i));
  const values = squares.toReversed().map((square) => Math.sqrt(Math.max(0, square)));
  const [most = 0] = values;
  const lowest = Math.max(floor, smallestShare * most);
  const exact = values.filter((value) => value > exactFrom * most).length;
  if (exact === 0 || exact === count || exactFrom * most <= lowest) return { values, vectors };
  // What is left of the matrix in the span of the small values has them as its own largest.
  const small = matrix64(count - exact, count);
  small.data.set(vectors.data.subarray(exact * count));
  const left = matrix64(count - exact, length);
  for (let start = 0; start < length; start += chunk) {
    const end = Math.min(start + chunk, length);
    const block = yield* times(small, parts.part(start, end));
    for (let i = 0; i < count - exact; i++) rowOf(left, i).set(rowOf(block, i), start);
  }
  const part = (start: number, end: number) => {
    const result = matrix64(count - exact, end - start);
    for (let i = 0; i < count - exact; i++) {
      rowOf(result, i).set(rowOf(left, i).subarray(start, end));
    }
    return result;
  };
  const again = yield* spectrumOfParts({ count: count - exact, length, part }, lowest);
  const turned = yield* times(again.vectors, small);
  values.set(again.values, exact);
  vectors.data.set(turned.data, exact * count);
  return { values, vectors };
}

/** B·Bᵀ: [count, count]. */
function* gram({ count, length, part }: Parts): WithProducts<Matrix64> {
  const sum = matrix64(count, count);
  for (let start = 0; start < length; start += chunk) {
    const block = part(start, Math.min(start + chunk, length));
    const { data } = yield* times(block, transposed64(block));
    for (let i = 0; i < data.length; i++) sum.data[i] = (sum.data[i] ?? 0) + (data[i] ?? 0);
  }
  return sum;
}
