/** @file Euler steps of the probability-flow equation (Karras et al. 2022, arXiv 2206.00364, algorithm 2 without churn). */
import { required } from '../../../base/required.ts';
import { combination } from '../../combination.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { explodingSampler, noiseLadder, slope } from '../schedules/exploding.ts';

/** Euler, in samples x = x₀ + σ·ε. */
export const euler: SamplerMethod = {
  schedulerClass: 'EulerDiscreteScheduler',
  defaults: { timestep_spacing: 'linspace' },
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps }) {
    const ladder = noiseLadder(schedule, settings, { steps, timesteps });
    const sigma = (index: number) => required(ladder.sigmas, index);

    const step: Step = (sample, output, index) => {
      const derivative = slope(settings.prediction_type, sigma(index), sample, output);
      return combination([1, sample], [sigma(index + 1) - sigma(index), derivative]);
    };

    return explodingSampler(settings, { ...ladder, steps, begin: () => step });
  },
};
