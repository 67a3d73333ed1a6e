/** @file The sign-flip permutation test of paired differences. */
import { TorchGenerator } from '../../../base/torch-random.ts';

/** Up to here all 2^n signs are tried: 65,536 sums. */
const exactUpTo = 16;

const draws = 20_000;

/**
 * Two-sided p: under the hypothesis that the two of each pair are exchangeable, every difference could as well have had
 * the other sign. p is the share of all 2^n assignments of signs whose sum is at least as far from 0 as the one seen;
 * above 16 differences, of 20,000 drawn ones and the one seen (Davison and Hinkley 1997, section 4.3).
 *
 * @param seed of the drawn signs
 * @returns 1 of no differences
 */
export function signFlipP(differences: readonly number[], seed = 0): number {
  const seen = Math.abs(sum(differences));
  // Sums of the same numbers in another order differ in their last bits.
  const threshold = seen - 1e-12 * differences.reduce((total, d) => total + Math.abs(d), 0);
  return differences.length <= exactUpTo
    ? exactShare(differences, threshold)
    : drawnShare(differences, threshold, new TorchGenerator(seed));
}

/** The least p that so many pairs can give: all differences of one sign, and those of the other. */
export function leastP(pairs: number): number {
  return Math.min(1, 2 / 2 ** pairs);
}

function exactShare(differences: readonly number[], threshold: number): number {
  const assignments = 2 ** differences.length;
  let asFar = 0;
  for (let signs = 0; signs < assignments; signs++) {
    const total = signedSum(differences, (i) => (signs & (1 << i)) !== 0);
    if (Math.abs(total) >= threshold) asFar += 1;
  }
  return asFar / assignments;
}

function drawnShare(
  differences: readonly number[],
  threshold: number,
  generator: TorchGenerator,
): number {
  let asFar = 1;
  for (let draw = 0; draw < draws; draw++) {
    const signs = generator.randint(0, 2, differences.length);
    if (Math.abs(signedSum(differences, (i) => signs[i] === 1)) >= threshold) asFar += 1;
  }
  return asFar / (draws + 1);
}

function signedSum(values: readonly number[], isFlipped: (i: number) => boolean): number {
  return values.reduce((total, value, i) => total + (isFlipped(i) ? -value : value), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
