/** @file What samplers in x = x₀ + σ·ε share, whose variance explodes with σ (Karras et al. 2022, arXiv 2206.00364). */
import { lastOf, required } from '../../../base/required.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination } from '../../combination.ts';
import type { NoiseSchedule } from '../../noise-schedule.ts';
import type { PredictionType, SchedulerSettings } from '../../scheduler-config.ts';
import { requireNoKarras } from '../own-timesteps.ts';
import type { ChosenTimesteps, Sampler } from '../sampler.ts';
import { karrasSigmas, sigmaAt, timestepAt, trainingSigmas } from './sigmas.ts';
import { spacedTimesteps } from './timesteps.ts';

/** Falling noise levels, one more than timesteps, and the timesteps at which the network knows them. */
export interface NoiseLadder {
  readonly timesteps: readonly number[];
  readonly sigmas: readonly number[];
}

/** The ladder of the timesteps that were chosen, or of a number of steps, spaced as the settings say. */
export function noiseLadder(
  schedule: NoiseSchedule,
  settings: SchedulerSettings,
  chosen: ChosenTimesteps,
): NoiseLadder {
  requireNoKarras(settings, chosen);
  const ofTraining = trainingSigmas(schedule);
  const spaced = spacedTimesteps(settings, chosen).map(Math.fround);
  schedule.alphaBar(Math.floor(Math.max(...spaced))); // refuses timesteps past the schedule
  const spacedSigmas = spaced.map((timestep) => sigmaAt(ofTraining, timestep));
  const end = settings.final_sigmas_type === 'zero' ? 0 : required(ofTraining, 0);
  if (!settings.use_karras_sigmas) {
    return { timesteps: spaced, sigmas: [...spacedSigmas, end].map(Math.fround) };
  }
  const levels = karrasSigmas(required(spacedSigmas, 0), lastOf(spacedSigmas), chosen.steps);
  return {
    timesteps: levels.map((level) => Math.fround(timestepAt(ofTraining, level))),
    sigmas: [...levels, end].map(Math.fround),
  };
}

/** d = dx/dσ = (x - x₀)/σ, where x₀ = x - σ·ε, or x₀ = x/(σ²+1) - σ/√(σ²+1)·v. */
export function slope(
  type: PredictionType,
  sigma: number,
  sample: Tensor<'f32'>,
  output: Tensor<'f32'>,
): Tensor<'f32'> {
  switch (type) {
    case 'epsilon':
      return output;
    case 'v_prediction': {
      const square = sigma ** 2 + 1;
      return combination([sigma / square, sample], [1 / Math.sqrt(square), output]);
    }
    case 'sample':
      return combination([1 / sigma, sample], [-1 / sigma, output]);
    default:
      return type satisfies never;
  }
}

/** What a sampler in σ is made of, besides its settings. */
export type ExplodingMethod = NoiseLadder &
  Pick<Sampler, 'steps' | 'begin'> &
  Partial<Pick<Sampler, 'evaluationsPerStep'>>;

/** A sampler whose samples have variance 1 + σ²: the network is given them scaled to that of training. */
export function explodingSampler(
  settings: SchedulerSettings,
  { timesteps, sigmas, steps, evaluationsPerStep = 1, begin }: ExplodingMethod,
): Sampler {
  const sigma = (index: number) => required(sigmas, index);
  const largest = Math.max(...sigmas);
  return {
    timesteps,
    sigmas,
    steps,
    evaluationsPerStep,
    initialNoiseSigma:
      settings.timestep_spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
    addNoise: (clean, noise, index) => combination([1, clean], [sigma(index), noise]),
    scaleInput: (sample, index) => combination([1 / Math.sqrt(sigma(index) ** 2 + 1), sample]),
    begin,
  };
}
