/** @file Divisors, for factors and for the advice given where one does not divide. */

/** All divisors, ascending. */
export function divisors(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((candidate) => n % candidate === 0);
}

/** The divisors of n nearest to a wish, nearest first. */
export function nearestDivisors(n: number, wish: number, count = 3): number[] {
  return divisors(n)
    .sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish) || a - b)
    .slice(0, count);
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
