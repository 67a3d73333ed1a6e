/** @file The update that UniPC's predictor and corrector share (Zhao et al. 2023, arXiv 2302.04867, section 3). */
import { required } from '../../../base/required.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination, type Term } from '../../combination.ts';
import type { SchedulerSettings } from '../../scheduler-config.ts';
import type { Point, Rung } from '../schedules/lambda-ladder.ts';
import { solveVandermonde } from './vandermonde.ts';

/** Where an update leads from, what is known on the way, and where it leads to. */
export interface UnipcUpdate {
  readonly sample: Tensor<'f32'>;
  readonly from: Point;
  readonly to: Rung;
  /** Further predictions: older ones, and for the corrector, which is one order higher, that at `to`. */
  readonly others: readonly Point[];
}

/**
 * UniC of theorem 3.1 and UniP of corollary 3.2, which share one form:
 * x_t = σ_t/σ_s·x_s - α_t·(e^-h - 1)·m - α_t·B(h)·Σ_i (a_i/r_i)·(m_i - m), with r_i = (λ_i - λ_s)/h.
 */
export function unipcUpdate(
  settings: SchedulerSettings,
  { sample, from, to, others }: UnipcUpdate,
): Tensor<'f32'> {
  const h = to.lambda - from.rung.lambda;
  if (h === 0) return sample; // Karras' smallest level is also that of final_sigmas_type sigma_min
  const divisor = settings.solver_type === 'bh1' ? -h : Math.expm1(-h); // B₁(h) or B₂(h)
  const places = others.map(({ rung }) => (rung.lambda - from.rung.lambda) / h);
  const weights = placeWeights(places, -h, divisor);
  const terms = others.flatMap(({ value }, i): Term[] => {
    const factor = (to.alpha * divisor * required(weights, i)) / required(places, i);
    return [
      [-factor, value],
      [factor, from.value],
    ];
  });
  return combination(
    [to.sigma / from.rung.sigma, sample],
    [-to.alpha * Math.expm1(-h), from.value],
    ...terms,
  );
}

/** a of theorem 3.1: Σ_i a_i·r_i^(k-1) = k!·φ_(k+1)/B for k = 1, 2, …; of a single place 1/2, the limit for h → 0. */
function placeWeights(places: readonly number[], step: number, divisor: number): number[] {
  if (places.length === 1) return [1 / 2];
  let phi = Math.expm1(step) / step - 1; // φ_(k+1)·step, beginning at k = 1
  let factorial = 1;
  const sides = places.map((_, i) => {
    const side = (factorial * phi) / divisor;
    factorial *= i + 2;
    phi = phi / step - 1 / factorial;
    return side;
  });
  return solveVandermonde(places, sides);
}
