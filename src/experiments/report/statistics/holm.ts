/** @file Holm's correction: several tests on one page, and still 5 % of pages with a false finding. */

/**
 * Adjusted p values in the order given: the smallest of m is multiplied by m, the next by m - 1, and so on, none below
 * one before it, none above 1 (Holm 1979).
 */
export function holmAdjusted(values: readonly number[]): readonly number[] {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const adjusted = values.map(() => 1);
  let least = 0;
  for (const [rank, { value, i }] of order.entries()) {
    least = Math.min(1, Math.max(least, value * (values.length - rank)));
    adjusted[i] = least;
  }
  return adjusted;
}
