/** @file DDPM: denoising diffusion probabilistic models (Ho et al. 2020, arXiv 2006.11239). */
import { required } from '../../../base/required.ts';
import { roundHalfEven } from '../../../tensor/round-half-even.ts';
import { combination } from '../../combination.ts';
import { predictedClean } from '../../prediction.ts';
import { clipped } from '../clipped.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { discreteSampler } from '../schedules/discrete.ts';
import { spacedTimesteps } from '../schedules/timesteps.ts';

/** DDPM: each step draws from the posterior of the sample before, given x₀. */
export const ddpm: SamplerMethod = {
  schedulerClass: 'DDPMScheduler',
  defaults: {},
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps: chosen }) {
    const timesteps = spacedTimesteps(settings, { steps, timesteps: chosen }).map(roundHalfEven);

    const step: Step = (sample, output, index, drawNoise) => {
      const timestep = required(timesteps, index);
      const next = timesteps[index + 1];
      const alphaBar = schedule.alphaBar(timestep); // ᾱ_t
      const previous = next === undefined ? 1 : schedule.alphaBar(next); // ᾱ_{t-1}
      const alpha = alphaBar / previous;
      const prediction = { type: settings.prediction_type, alphaBar, sample, output };
      const clean = clipped(settings, predictedClean(prediction));
      // eq. 7: μ = √ᾱ_{t-1}·β_t/(1-ᾱ_t)·x₀ + √α_t·(1-ᾱ_{t-1})/(1-ᾱ_t)·x_t
      const mean = combination(
        [(Math.sqrt(previous) * (1 - alpha)) / (1 - alphaBar), clean],
        [(Math.sqrt(alpha) * (1 - previous)) / (1 - alphaBar), sample],
      );
      if (timestep === 0) return mean; // algorithm 2: the last step draws nothing
      // section 3.2: σ² = β_t, or eq. 7's β̃_t = (1-ᾱ_{t-1})/(1-ᾱ_t)·β_t
      const share = settings.variance_type === 'fixed_large' ? 1 : (1 - previous) / (1 - alphaBar);
      return combination([1, mean], [Math.sqrt(share * (1 - alpha)), drawNoise()]);
    };

    return discreteSampler(schedule, settings, { steps, timesteps, begin: () => step });
  },
};
