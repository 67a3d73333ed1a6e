/** @file Ancestral sampling in σ (Song et al. 2021, arXiv 2011.13456, appendix F): an Euler step past the next level, and noise back up. */
import { required } from '../../../base/required.ts';
import { combination } from '../../combination.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { explodingSampler, noiseLadder, slope } from '../schedules/exploding.ts';

/** Euler ancestral, in samples x = x₀ + σ·ε. */
export const eulerAncestral: SamplerMethod = {
  schedulerClass: 'EulerAncestralDiscreteScheduler',
  defaults: { timestep_spacing: 'linspace' },
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps }) {
    const ladder = noiseLadder(schedule, settings, { steps, timesteps });

    const step: Step = (sample, output, index, drawNoise) => {
      const from = required(ladder.sigmas, index);
      const to = required(ladder.sigmas, index + 1);
      // x' ~ N(x₀ + (σ'²/σ²)·(x - x₀), σ'²·(σ² - σ'²)/σ²): σ'²/σ is the level of the mean
      const down = to ** 2 / from;
      const up = Math.sqrt(to ** 2 - down ** 2);
      const derivative = slope(settings.prediction_type, from, sample, output);
      return combination([1, sample], [down - from, derivative], [up, drawNoise()]);
    };

    return explodingSampler(settings, { ...ladder, steps, begin: () => step });
  },
};
