/** @file TCD: trajectory consistency distillation (Zheng et al. 2024, arXiv 2402.19159), few steps with a network distilled for it. */
import { required } from '../../../base/required.ts';
import { combination } from '../../combination.ts';
import { noiseLevels } from '../../noise-schedule.ts';
import { predictedClean, predictedNoise } from '../../prediction.ts';
import { clipped } from '../clipped.ts';
import { requireEta, type SamplerMethod, type Step } from '../sampler.ts';
import { discreteSampler } from '../schedules/discrete.ts';
import { distilledTimesteps } from '../schedules/distilled-timesteps.ts';

/** TCD; `eta`, γ of the paper, is how far below the next timestep each step leads before noise brings it back up. */
export const tcd: SamplerMethod = {
  schedulerClass: 'TCDScheduler',
  takesEta: true,
  defaults: {
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    clip_sample: false,
  },
  takesTimesteps: true,
  create(schedule, settings, { steps, eta = 0.3, timesteps: chosen }) {
    requireEta(eta);
    const timesteps = distilledTimesteps('tcd', settings, { steps, timesteps: chosen });

    const step: Step = (sample, output, index, drawNoise) => {
      const timestep = required(timesteps, index);
      const next = index + 1 < timesteps.length ? required(timesteps, index + 1) : 0;
      const alphaBar = schedule.alphaBar(timestep);
      const below = schedule.alphaBar(Math.floor((1 - eta) * next)); // ᾱ_s, s = (1 - γ)·t'
      const prediction = { type: settings.prediction_type, alphaBar, sample, output };
      const { signal, noise } = noiseLevels(below);
      // x_s = √ᾱ_s·x₀ + √(1-ᾱ_s)·ε, then x_t' = √(ᾱ_t'/ᾱ_s)·x_s + √(1 - ᾱ_t'/ᾱ_s)·z
      const there = combination(
        [signal, clipped(settings, predictedClean(prediction))],
        [noise, predictedNoise(prediction)],
      );
      if (eta === 0 || index === timesteps.length - 1) return there;
      const kept = schedule.alphaBar(next) / below;
      return combination([Math.sqrt(kept), there], [Math.sqrt(1 - kept), drawNoise()]);
    };

    return discreteSampler(schedule, settings, { steps, timesteps, begin: () => step });
  },
};
