/** @file The least common multiple. */

/** The smallest number that is a multiple of all; 1 of none. */
export function commonMultiple(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => (all / divisor(all, each)) * each, 1);
}

/** The greatest common divisor (Euclid's algorithm). */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
