/** @file PNDM: pseudo numerical methods (Liu et al. 2022, arXiv 2202.09778), in the linear multi-step form that Stable Diffusion uses. */
import { ConfigError } from '../../../base/errors.ts';
import { required } from '../../../base/required.ts';
import { roundHalfEven } from '../../../tensor/round-half-even.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination, type Term } from '../../combination.ts';
import { predictedNoise } from '../../prediction.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { alphaBarOrFinal, discreteSampler } from '../schedules/discrete.ts';
import { spacedTimesteps, stepLength } from '../schedules/timesteps.ts';

/** Adams-Bashforth weights by order, newest prediction first; the fourth order is eq. 12. */
const weightsByOrder: readonly (readonly [number, ...number[]])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/** PLMS: the first step is made twice, the second time with the mean of both its ends' predictions. */
export const pndm: SamplerMethod = {
  schedulerClass: 'PNDMScheduler',
  defaults: { set_alpha_to_one: false },
  create(schedule, settings, { steps }) {
    if (!settings.skip_prk_steps) {
      throw new ConfigError(
        'SCHEDULER_UNSUPPORTED',
        'skip_prk_steps = false, also where it is not stated, means a Runge-Kutta start, which is not supported; state true, or choose another sampler',
      );
    }
    const spaced = spacedTimesteps(settings, { steps }).map(roundHalfEven);
    const timesteps = spaced.flatMap((timestep, i) => (i === 1 ? [timestep, timestep] : timestep));
    const stride = stepLength(settings, steps);

    /** Eq. 9, from one timestep to another, the network's answer read as ε or v of `from`. */
    function transfer(sample: Tensor<'f32'>, output: Tensor<'f32'>, from: number, to: number) {
      const alphaBar = schedule.alphaBar(from); // ᾱ_t
      const next = alphaBarOrFinal(schedule, settings, to); // ᾱ_{t-δ}
      const noise = predictedNoise({ type: settings.prediction_type, alphaBar, sample, output });
      const divisor = alphaBar * Math.sqrt(1 - next) + Math.sqrt(alphaBar * (1 - alphaBar) * next);
      return combination(
        [Math.sqrt(next / alphaBar), sample],
        [(alphaBar - next) / divisor, noise],
      );
    }

    function begin(): Step {
      let older: readonly Tensor<'f32'>[] = []; // newest first, at most three
      let firstSample: Tensor<'f32'> | undefined;
      return (sample, output, index) => {
        const timestep = required(timesteps, index);
        const [first] = older;
        if (firstSample !== undefined && first !== undefined) {
          const start = firstSample;
          firstSample = undefined;
          const mean = combination([1 / 2, output], [1 / 2, first]);
          return transfer(start, mean, timestep + stride, timestep);
        }
        if (first === undefined) firstSample = sample;
        const combined = multiStep(output, older);
        older = [output, ...older].slice(0, weightsByOrder.length - 1);
        return transfer(sample, combined, timestep, timestep - stride);
      };
    }

    return discreteSampler(schedule, settings, { steps, timesteps, followsNoise: true, begin });
  },
};

/** The predictions weighted by the method of the highest order that they allow. */
function multiStep(newest: Tensor<'f32'>, older: readonly Tensor<'f32'>[]): Tensor<'f32'> {
  const [weight, ...weights] = required(weightsByOrder, older.length);
  return combination(
    [weight, newest],
    ...older.map((output, i): Term => [required(weights, i), output]),
  );
}
