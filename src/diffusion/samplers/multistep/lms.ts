/** @file Linear multistep in σ: Adams-Bashforth for steps of unequal length, up to the fourth order, as sample_lms of k-diffusion. */
import { required } from '../../../base/required.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination, type Term } from '../../combination.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { explodingSampler, noiseLadder, slope } from '../schedules/exploding.ts';
import { solveVandermonde } from './vandermonde.ts';

/** As many slopes are fitted by a polynomial. */
const highestOrder = 4;

/** LMS, in samples x = x₀ + σ·ε. */
export const lms: SamplerMethod = {
  schedulerClass: 'LMSDiscreteScheduler',
  defaults: { timestep_spacing: 'linspace' },
  create(schedule, settings, { steps }) {
    const ladder = noiseLadder(schedule, settings, { steps });
    const sigma = (index: number) => required(ladder.sigmas, index);

    function begin(): Step {
      let slopes: readonly Tensor<'f32'>[] = []; // newest first
      return (sample, output, index) => {
        const newest = slope(settings.prediction_type, sigma(index), sample, output);
        slopes = [newest, ...slopes].slice(0, highestOrder);
        const places = slopes.map((_, i) => sigma(index - i) - sigma(index));
        const weights = polynomialWeights(places, sigma(index + 1) - sigma(index));
        return combination(
          [1, sample],
          ...slopes.map((each, i): Term => [required(weights, i), each]),
        );
      };
    }

    return explodingSampler(settings, { ...ladder, steps, begin });
  },
};

/** Weights of values at `places`, by which their polynomial is integrated from 0 to `length`: ∫τ^k = length^(k+1)/(k+1). */
function polynomialWeights(places: readonly number[], length: number): number[] {
  const integrals = places.map((_, k) => length ** (k + 1) / (k + 1));
  return solveVandermonde(places, integrals);
}
