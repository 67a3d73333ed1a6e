/** @file How LoKr splits a size into two factors. */
import { divisors } from './divisors.ts';

/**
 * The two factors of a size, the smaller first, as LyCORIS chooses them: those of `factor` where it divides, otherwise
 * the nearest to equal ones whose smaller is at most `factor`. −1 means no limit.
 */
export function factorization(size: number, factor: number): readonly [number, number] {
  const smaller =
    factor > 0 && size % factor === 0
      ? Math.min(factor, size / factor)
      : divisors(size)
          .filter((m) => m * m <= size && (factor < 0 || m <= factor))
          .at(-1);
  return [smaller ?? 1, size / (smaller ?? 1)];
}
