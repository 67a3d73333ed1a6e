/** @file Solves Vandermonde systems, whose solutions are weights of values at given places. */
import { required } from '../../../base/required.ts';

/**
 * w of Σ_i w_i·places_i^k = sides_k for k = 0, 1, … (Björck and Pereyra 1970; Golub and Van Loan, algorithm 4.6.2).
 *
 * @param places different from one another
 */
export function solveVandermonde(places: readonly number[], sides: readonly number[]): number[] {
  const count = places.length;
  const place = (i: number) => required(places, i);
  const weights = [...sides];
  const weight = (i: number) => required(weights, i);
  for (let k = 0; k < count - 1; k++) {
    for (let i = count - 1; i > k; i--) weights[i] = weight(i) - place(k) * weight(i - 1);
  }
  for (let k = count - 2; k >= 0; k--) {
    for (let i = k + 1; i < count; i++) weights[i] = weight(i) / (place(i) - place(i - k - 1));
    for (let i = k; i < count - 1; i++) weights[i] = weight(i) - weight(i + 1);
  }
  return weights;
}
