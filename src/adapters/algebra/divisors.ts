/** @file Divisors, for factors and for the advice given where one does not divide. */
import { AdapterError } from '../../base/errors.ts';
import type { Site } from '../../nn/index.ts';

/** All divisors, ascending. */
export function divisors(n: number): number[] {
  const smaller: number[] = [];
  const larger: number[] = [];
  for (let candidate = 1; candidate * candidate <= n; candidate++) {
    if (n % candidate !== 0) continue;
    smaller.push(candidate);
    if (candidate * candidate < n) larger.push(n / candidate);
  }
  return [...smaller, ...larger.reverse()];
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

/** A factor of one of a site's sizes. */
interface Factor {
  /** Method and option, for the message: `krona: a1`. */
  readonly what: string;
  readonly value: number;
  /** The size it must divide, in words, and how large that is. */
  readonly side: string;
  readonly size: number;
}

/**
 * Refuses a factor that does not divide.
 *
 * @throws AdapterError FACTOR_DOES_NOT_DIVIDE with the factors that would
 */
export function requireDivisor(site: Site, { what, value, side, size }: Factor): void {
  if (size % value === 0) return;
  const near = nearestDivisors(size, value).join(', ');
  throw new AdapterError(
    'FACTOR_DOES_NOT_DIVIDE',
    `${what} = ${value} does not divide the ${side} size ${size} of ${site.name} (${site.out} x ${site.in}); near it ${near} would, of all: ${divisors(size).join(', ')}`,
    { details: { value: String(value), size: String(size), near } },
  );
}
