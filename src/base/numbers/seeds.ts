/** @file Seeds in a row: of the first picture, of the next, and so on. */
import { ConfigError } from '../errors.ts';

/** The largest whole number that every number up to it can be told from its neighbours. */
export const largestSeed = Number.MAX_SAFE_INTEGER;

/** As settings state the range of a seed. */
export const seedRange = '0 to 2^53 - 1';

/**
 * The seeds `first`, `first + 1`, ...
 *
 * @throws ConfigError SEED_TOO_LARGE
 */
export function seedsFrom(first: number, count: number): number[] {
  requireSeeds(first, count);
  return Array.from({ length: count }, (_, i) => first + i);
}

/**
 * Refuses a first seed after which there are not so many.
 *
 * @throws ConfigError SEED_TOO_LARGE where the last would be beyond 2^53 - 1
 */
export function requireSeeds(first: number, count: number): void {
  const largestFirst = largestSeed - (count - 1);
  if (first <= largestFirst) return;
  throw new ConfigError(
    'SEED_TOO_LARGE',
    `seed: ${first} leaves no room for ${count} seeds in a row up to 2^53 - 1 = ${largestSeed}; the largest for so many is ${largestFirst}`,
  );
}
