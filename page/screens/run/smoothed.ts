/** @file Exponential mean of a series. */

/**
 * m₀ = x₀, mᵢ = d·mᵢ₋₁ + (1 − d)·xᵢ.
 *
 * @param decay d of 0 to 1: how much of what was before stays
 */
export function smoothed(values: readonly number[], decay: number): number[] {
  let mean = values[0] ?? 0;
  return values.map((value) => {
    mean = decay * mean + (1 - decay) * value;
    return mean;
  });
}
