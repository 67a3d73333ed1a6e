/** @file DEIS: diffusion exponential integrator sampler, ε fitted by a polynomial in ln(σ/α) (Zhang and Chen 2023, arXiv 2204.13902). */
import { required } from '../../../base/required.ts';
import { combination, type Term } from '../../combination.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { lambdaLadder, lambdaSampler, noisePoint, type Point } from '../schedules/lambda-ladder.ts';
import { fewSteps } from './dpmpp-multistep.ts';
import { solveVandermonde } from './vandermonde.ts';

/** DEIS of `solver_order`, multistep; it ends at the smallest level of training, not at none. */
export const deis: SamplerMethod = {
  schedulerClass: 'DEISMultistepScheduler',
  defaults: { timestep_spacing: 'linspace' },
  settings: { final_sigmas_type: 'sigma_min' },
  create(schedule, settings, { steps }) {
    const ladder = lambdaLadder(schedule, settings, { steps });
    const lowers = settings.lower_order_final && steps < fewSteps;
    const highestOrder = (index: number) =>
      lowers ? Math.min(settings.solver_order, steps - index) : settings.solver_order;

    function begin(): Step {
      let points: readonly Point[] = []; // newest first
      return (sample, output, index) => {
        const { prediction_type } = settings;
        const from = ladder.rung(index);
        points = [noisePoint(from, prediction_type, sample, output), ...points].slice(0, 3);
        const known = points.slice(0, highestOrder(index));
        const to = ladder.rung(index + 1);
        // ln ρ = -λ, where ρ = σ/α
        const places = known.map(({ rung }) => from.lambda - rung.lambda);
        const weights = exponentialWeights(places, from.lambda - to.lambda);
        const scale = to.alpha * Math.exp(-from.lambda);
        // x_t/α_t = x_s/α_s + ∫ε dρ
        return combination(
          [to.alpha / from.alpha, sample],
          ...known.map(({ value }, i): Term => [scale * required(weights, i), value]),
        );
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};

/**
 * Weights of values at `places`, by which their polynomial p is integrated as ∫p(u)·e^u du from 0 to `length`: by parts
 * ∫u^k·e^u = length^k·e^length - k·∫u^(k-1)·e^u.
 */
function exponentialWeights(places: readonly number[], length: number): number[] {
  let integral = Math.expm1(length);
  const integrals = places.map((_, k) => {
    if (k > 0) integral = length ** k * Math.exp(length) - k * integral;
    return integral;
  });
  return solveVandermonde(places, integrals);
}
