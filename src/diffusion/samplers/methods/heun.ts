/** @file Heun's second-order method (Karras et al. 2022, arXiv 2206.00364, algorithm 1). */
import { invariant } from '../../../base/errors.ts';
import { lastOf, required } from '../../../base/required.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination } from '../../combination.ts';
import { clipped } from '../clipped.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { explodingSampler, noiseLadder, slope } from '../schedules/exploding.ts';

/** Heun: an Euler step, then the same step again with the mean slope of both its ends; the last is Euler's. */
export const heun: SamplerMethod = {
  schedulerClass: 'HeunDiscreteScheduler',
  defaults: {
    timestep_spacing: 'linspace',
    beta_start: 0.00085,
    beta_end: 0.012,
    clip_sample: false,
  },
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps: chosen }) {
    const ladder = noiseLadder(schedule, settings, { steps, timesteps: chosen });
    // Every level but the first and the end is asked twice: at even indices an Euler step begins, at odd ones it ended.
    const twice = (values: readonly number[]) =>
      values.flatMap((value, i) => (i ? [value, value] : value));
    const timesteps = twice(ladder.timesteps);
    const sigmas = [...twice(ladder.sigmas.slice(0, -1)), lastOf(ladder.sigmas)];

    // A trapezoid as long as from no signal at all, where σ would be infinite, means nothing: Euler's step stays.
    const fromPureNoise = schedule.alphaBar(Math.ceil(required(timesteps, 0))) === 0;

    function derivative(sigma: number, sample: Tensor<'f32'>, output: Tensor<'f32'>) {
      const plain = slope(settings.prediction_type, sigma, sample, output);
      if (!settings.clip_sample) return plain;
      const clean = clipped(settings, combination([1, sample], [-sigma, plain]));
      return combination([1 / sigma, sample], [-1 / sigma, clean]);
    }

    function begin(): Step {
      let begun: { start: Tensor<'f32'>; first: Tensor<'f32'>; length: number } | undefined;
      return (sample, output, index) => {
        const sigma = required(sigmas, index);
        const current = derivative(sigma, sample, output);
        if (index % 2 === 0) {
          const length = required(sigmas, index + 1) - sigma;
          begun = { start: sample, first: current, length };
          return combination([1, sample], [length, current]);
        }
        if (fromPureNoise && index === 1) return sample;
        invariant(begun !== undefined, 'Heun ends a step that it did not begin');
        const { start, first, length } = begun; // x + (σ' - σ)·(d + d')/2
        return combination([1, start], [length / 2, first], [length / 2, current]);
      };
    }

    return explodingSampler(settings, { timesteps, sigmas, steps, evaluationsPerStep: 2, begin });
  },
};
