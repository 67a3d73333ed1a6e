/** @file Exponential mean of a series. */

/**
 * mᵢ = Σⱼ≤ᵢ dⁱ⁻ʲ·xⱼ / Σⱼ≤ᵢ dⁱ⁻ʲ: the first values count no more than others do.
 *
 * @param decay d of 0 to 1: how much of what was before stays
 */
export function smoothed(values: readonly number[], decay: number): number[] {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    sum = decay * sum + value;
    weight = decay * weight + 1;
    return sum / weight;
  });
}
