/** @file DDIM: denoising diffusion implicit models (Song et al. 2021, arXiv 2010.02502). */
import { required } from '../../../base/required.ts';
import { roundHalfEven } from '../../../tensor/round-half-even.ts';
import { combination } from '../../combination.ts';
import { predictedClean, predictedNoise } from '../../prediction.ts';
import { clipped } from '../clipped.ts';
import { requireEta, type SamplerMethod, type Step } from '../sampler.ts';
import { alphaBarOrFinal, discreteSampler } from '../schedules/discrete.ts';
import { spacedTimesteps, stepLength } from '../schedules/timesteps.ts';

/** DDIM; `eta` is the share of DDPM's noise that each step draws. */
export const ddim: SamplerMethod = {
  schedulerClass: 'DDIMScheduler',
  takesEta: true,
  defaults: {},
  create(schedule, settings, { steps, eta = 0 }) {
    requireEta(eta);
    const timesteps = spacedTimesteps(settings, { steps }).map(roundHalfEven);
    const stride = stepLength(settings, steps);

    const step: Step = (sample, output, index, drawNoise) => {
      const timestep = required(timesteps, index);
      const alphaBar = schedule.alphaBar(timestep); // α_t of the paper
      const previous = alphaBarOrFinal(schedule, settings, timestep - stride); // α_{t-1}
      const prediction = { type: settings.prediction_type, alphaBar, sample, output };
      const clean = clipped(settings, predictedClean(prediction));
      // eq. 16: σ² = η²·(1-α_{t-1})/(1-α_t)·(1 - α_t/α_{t-1})
      const variance = ((1 - previous) / (1 - alphaBar)) * (1 - alphaBar / previous);
      const sigma = eta * Math.sqrt(variance);
      // eq. 12: x_{t-1} = √α_{t-1}·x₀ + √(1-α_{t-1}-σ²)·ε + σ·z
      const direction = Math.sqrt(1 - previous - sigma ** 2);
      const mean = combination(
        [Math.sqrt(previous), clean],
        [direction, predictedNoise(prediction)],
      );
      return eta > 0 ? combination([1, mean], [sigma, drawNoise()]) : mean;
    };

    return discreteSampler(schedule, settings, { steps, timesteps, begin: () => step });
  },
};
