/** @file One comparison with a reference value, and the measures that comparisons use. */
import { sameShape, type Tensor } from '../../src/tensor/tensor.ts';
import type { Tolerance } from './advice.ts';

/** What came out of comparing one tensor (or a group of like ones) with its reference. */
export interface Check {
  tensor: string;
  /** Row of the table it is counted in; by default the beginning of the tensor's name. */
  group?: string;
  error: number;
  tolerance: number;
  status: 'ok' | 'failed' | 'unsupported';
  note?: string;
}

/** A comparison made; an error that is not a number fails. */
export function compared(tensor: string, error: number, tolerance: number): Check {
  return { tensor, error, tolerance, status: error <= tolerance ? 'ok' : 'failed' };
}

/**
 * Compares two tensors by relative L2 distance, or, where that is too large and the tolerance has an absolute limit
 * beside it, by the largest difference.
 */
export function compareTensors(
  name: string,
  actual: Tensor<'f32'>,
  expected: Tensor<'f32'>,
  { relative, absolute }: Tolerance,
): Check {
  if (!sameShape(actual.shape, expected.shape)) {
    const note = `shape [${actual.shape}], the reference has [${expected.shape}]`;
    return { ...compared(name, Number.POSITIVE_INFINITY, relative ?? absolute ?? 0), note };
  }
  const distance = relativeL2(actual.data, expected.data);
  if (relative !== undefined && (distance <= relative || absolute === undefined)) {
    return compared(name, distance, relative);
  }
  const difference = largestDifference(actual.data, expected.data);
  const byDifference = compared(name, difference, absolute ?? 0);
  return byDifference.status === 'ok' || relative === undefined
    ? byDifference
    : compared(name, distance, relative);
}

/** A reference value of something this package does not do yet. */
export function unsupported(tensor: string, note: string): Check {
  return { tensor, error: Number.NaN, tolerance: Number.NaN, status: 'unsupported', note };
}

/** ‖actual - expected‖₂ / ‖expected‖₂; infinite where the lengths differ. */
export function relativeL2(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    const reference = expected[i] ?? Number.NaN;
    difference += ((actual[i] ?? Number.NaN) - reference) ** 2;
    norm += reference ** 2;
  }
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}

/** Largest |actual - expected|; infinite where the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return largest(actual, expected, (difference) => difference);
}

/** Largest |actual - expected| / max(|expected|, floor); infinite where the lengths differ. */
export function largestRelativeDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor = Number.MIN_VALUE,
): number {
  return largest(
    actual,
    expected,
    (difference, reference) => difference / Math.max(Math.abs(reference), floor),
  );
}

function largest(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  measure: (difference: number, reference: number) => number,
): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const reference = expected[i] ?? Number.NaN;
    const error = measure(Math.abs((actual[i] ?? Number.NaN) - reference), reference);
    if (!(error <= worst)) worst = error; // a NaN stays, because nothing is <= NaN
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}
