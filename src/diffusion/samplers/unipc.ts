/** @file UniPC: a unified predictor and corrector (Zhao et al. 2023, arXiv 2302.04867), predicting x₀. */
import type { Tensor } from '../../tensor/tensor.ts';
import { combination, type Term } from '../combination.ts';
import type { SchedulerSettings } from '../scheduler-config.ts';
import {
  type CleanPoint,
  cleanPoint,
  lambdaLadder,
  lambdaSampler,
  type Rung,
} from './lambda-ladder.ts';
import type { SamplerMethod, Step } from './sampler.ts';
import { solveVandermonde } from './vandermonde.ts';

/** UniPC: every evaluation first corrects the sample that it was made at, then predicts the next. */
export const unipc: SamplerMethod = {
  schedulerClass: 'UniPCMultistepScheduler',
  defaults: { timestep_spacing: 'linspace', solver_type: 'bh2' },
  create(schedule, settings, { steps }) {
    const ladder = lambdaLadder(schedule, settings, steps);
    const lowersOrder = settings.lower_order_final || settings.final_sigmas_type === 'zero';
    const highestOrder = (index: number) =>
      lowersOrder ? Math.min(settings.solver_order, steps - index) : settings.solver_order;

    function begin(): Step {
      let points: readonly CleanPoint[] = []; // newest first
      let last: { sample: Tensor<'f32'>; order: number } | undefined;
      return (sample, output, index) => {
        const point = cleanPoint(ladder.rung(index), settings.prediction_type, sample, output);
        const [before, ...older] = points;
        let corrected = sample;
        if (last && before && !settings.disable_corrector.includes(index - 1)) {
          const others = [...older.slice(0, last.order - 1), point];
          corrected = update(settings, {
            sample: last.sample,
            from: before,
            to: point.rung,
            others,
          });
        }
        points = [point, ...points].slice(0, settings.solver_order);
        const order = Math.min(highestOrder(index), points.length);
        last = { sample: corrected, order };
        const others = points.slice(1, order);
        const to = ladder.rung(index + 1);
        return update(settings, { sample: corrected, from: point, to, others });
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};

interface Update {
  readonly sample: Tensor<'f32'>;
  readonly from: CleanPoint;
  readonly to: Rung;
  /** Further predictions: older ones, and for the corrector, which is one order higher, that at `to`. */
  readonly others: readonly CleanPoint[];
}

/**
 * UniC of theorem 3.1 and UniP of corollary 3.2, which share one form:
 * x_t = σ_t/σ_s·x_s - α_t·(e^-h - 1)·m - α_t·B(h)·Σ_i (a_i/r_i)·(m_i - m), with r_i = (λ_i - λ_s)/h.
 */
function update(settings: SchedulerSettings, { sample, from, to, others }: Update): Tensor<'f32'> {
  const h = to.lambda - from.rung.lambda;
  if (h === 0) return sample; // Karras' smallest level is also that of final_sigmas_type sigma_min
  const divisor = settings.solver_type === 'bh1' ? -h : Math.expm1(-h); // B₁(h) or B₂(h)
  const places = others.map(({ rung }) => (rung.lambda - from.rung.lambda) / h);
  const weights = placeWeights(places, -h, divisor);
  const terms = others.flatMap(({ clean }, i): Term[] => {
    const factor = (to.alpha * divisor * (weights[i] ?? 0)) / (places[i] ?? 1);
    return [
      [-factor, clean],
      [factor, from.clean],
    ];
  });
  return combination(
    [to.sigma / from.rung.sigma, sample],
    [-to.alpha * Math.expm1(-h), from.clean],
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
