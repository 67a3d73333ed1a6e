/** @file What samplers that stand on whole training timesteps share. */
import { ConfigError } from '../../../base/errors.ts';
import type { NoiseSchedule } from '../../noise-schedule.ts';
import type { SchedulerSettings } from '../../scheduler-config.ts';
import type { Sampler, Step } from '../sampler.ts';

/** ᾱ at a timestep; below zero, where the last step leads, 1 or the first ᾱ. */
export function alphaBarOrFinal(
  schedule: NoiseSchedule,
  settings: SchedulerSettings,
  timestep: number,
): number {
  if (timestep >= 0) return schedule.alphaBar(timestep);
  return settings.set_alpha_to_one ? 1 : schedule.alphaBar(0);
}

/** What a discrete sampler is made of, besides the schedule and its settings. */
export interface DiscreteMethod {
  readonly steps: number;
  readonly timesteps: readonly number[];
  /** The method steps along ε, whatever the network predicts. @default false */
  readonly followsNoise?: boolean;
  begin(): Step;
}

/**
 * A sampler whose samples have the variance of training: no scaling, noise added as in training.
 *
 * @throws ConfigError where ε alone would have to lead out of pure noise
 */
export function discreteSampler(
  schedule: NoiseSchedule,
  settings: SchedulerSettings,
  { steps, timesteps, followsNoise = false, begin }: DiscreteMethod,
): Sampler {
  const first = Math.max(...timesteps);
  const isEpsilon = settings.prediction_type === 'epsilon';
  if ((isEpsilon || followsNoise) && schedule.alphaBar(first) === 0) {
    const reason = isEpsilon
      ? 'a network that predicts noise says nothing about the image; use timestep_spacing leading, a v_prediction network, or the euler sampler'
      : 'a method that steps along the noise has no way to the image; choose another sampler, such as ddim or dpmpp-2m';
    throw new ConfigError(
      'EPSILON_AT_PURE_NOISE',
      `timestep ${first} is pure noise (rescale_betas_zero_snr), where ${reason}`,
    );
  }
  return {
    timesteps,
    steps,
    evaluationsPerStep: 1,
    initialNoiseSigma: 1,
    addNoise: (clean, noise, index) =>
      schedule.addNoise(clean, noise, new Array(clean.shape[0]).fill(timesteps[index])),
    scaleInput: (sample) => sample,
    begin,
  };
}
