/** @file LCM: latent consistency models (Luo et al. 2023, arXiv 2310.04378), few steps with a network distilled for it. */
import { required } from '../../../base/required.ts';
import { combination } from '../../combination.ts';
import { noiseLevels } from '../../noise-schedule.ts';
import { predictedClean } from '../../prediction.ts';
import { clipped } from '../clipped.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { discreteSampler } from '../schedules/discrete.ts';
import { distilledTimesteps } from '../schedules/distilled-timesteps.ts';

/** Deviation of the data, which sets how fast the network's share grows with the timestep. */
const dataDeviation = 0.5;

/** LCM: each step predicts x₀ and, but for the last, adds fresh noise of the next timestep. */
export const lcm: SamplerMethod = {
  schedulerClass: 'LCMScheduler',
  defaults: {
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    clip_sample: false,
  },
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps: chosen }) {
    const timesteps = distilledTimesteps('lcm', settings, { steps, timesteps: chosen });

    const step: Step = (sample, output, index, drawNoise) => {
      const timestep = required(timesteps, index);
      const alphaBar = schedule.alphaBar(timestep);
      const prediction = { type: settings.prediction_type, alphaBar, sample, output };
      const clean = clipped(settings, predictedClean(prediction));
      // Consistency models' boundary condition: f = c_skip·x + c_out·x₀ is x itself at t = 0.
      const scaled = timestep * settings.timestep_scaling;
      const norm = scaled ** 2 + dataDeviation ** 2;
      const denoised = combination(
        [dataDeviation ** 2 / norm, sample],
        [scaled / Math.sqrt(norm), clean],
      );
      const next = timesteps[index + 1];
      if (next === undefined) return denoised;
      const { signal, noise } = noiseLevels(schedule.alphaBar(next));
      return combination([signal, denoised], [noise, drawNoise()]);
    };

    return discreteSampler(schedule, settings, { steps, timesteps, begin: () => step });
  },
};
