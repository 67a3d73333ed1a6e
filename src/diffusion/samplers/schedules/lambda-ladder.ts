/** @file Samplers stated in λ = ln(α/σ), half the logarithm of signal to noise, in samples x = α·x₀ + σ·ε (Lu et al. 2022, arXiv 2206.00927). */
import { lastOf, required } from '../../../base/required.ts';
import { roundHalfEven } from '../../../tensor/round-half-even.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination } from '../../combination.ts';
import type { NoiseSchedule } from '../../noise-schedule.ts';
import { predictedClean, predictedNoise } from '../../prediction.ts';
import type { PredictionType, SchedulerSettings } from '../../scheduler-config.ts';
import { requireNoKarras } from '../own-timesteps.ts';
import type { ChosenTimesteps, Sampler } from '../sampler.ts';
import { karrasSigmas, sigmaAt, timestepAt, trainingSigmas } from './sigmas.ts';
import { timestepsAboveZero } from './timesteps.ts';

/** One noise level: x = α·x₀ + σ·ε with α² + σ² = 1. */
export interface Rung {
  readonly alpha: number;
  readonly sigma: number;
  /** ln(α/σ); infinite without noise. */
  readonly lambda: number;
}

/** Rungs with rising λ, one more than timesteps. */
export interface LambdaLadder {
  readonly timesteps: readonly number[];
  /** σ/α of every rung. */
  readonly ratios: readonly number[];
  /** The rung of an index. */
  rung(index: number): Rung;
}

/** The ladder of the timesteps that were chosen, or of a number of steps; Karras' levels reach over all of the schedule. */
export function lambdaLadder(
  schedule: NoiseSchedule,
  settings: SchedulerSettings,
  chosen: ChosenTimesteps,
): LambdaLadder {
  requireNoKarras(settings, chosen);
  const ofTraining = trainingSigmas(schedule);
  const smallest = required(ofTraining, 0);
  const spaced = timestepsAboveZero(settings, chosen);
  schedule.alphaBar(Math.max(...spaced)); // refuses timesteps past the schedule
  const levels = settings.use_karras_sigmas
    ? karrasSigmas(lastOf(ofTraining), smallest, chosen.steps)
    : spaced.map((timestep) => sigmaAt(ofTraining, timestep));
  const timesteps = settings.use_karras_sigmas
    ? levels.map((level) => roundHalfEven(timestepAt(ofTraining, level)))
    : spaced;
  const end = settings.final_sigmas_type === 'zero' ? 0 : smallest;
  const ratios = [...levels, end].map(Math.fround);
  const rungs = ratios.map(rungOf);
  return { timesteps, ratios, rung: (index) => required(rungs, index) };
}

function rungOf(ratio: number): Rung {
  const alpha = 1 / Math.sqrt(ratio ** 2 + 1);
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) };
}

/** What a solver expands in λ, as predicted at a rung: x₀, or ε. */
export interface Point {
  readonly rung: Rung;
  readonly value: Tensor<'f32'>;
}

/** Reads x₀ from the network's answer at a rung. */
export function cleanPoint(
  rung: Rung,
  type: PredictionType,
  sample: Tensor<'f32'>,
  output: Tensor<'f32'>,
): Point {
  return { rung, value: predictedClean({ type, alphaBar: rung.alpha ** 2, sample, output }) };
}

/** Reads ε from the network's answer at a rung. */
export function noisePoint(
  rung: Rung,
  type: PredictionType,
  sample: Tensor<'f32'>,
  output: Tensor<'f32'>,
): Point {
  return { rung, value: predictedNoise({ type, alphaBar: rung.alpha ** 2, sample, output }) };
}

/** A sampler along a ladder, whose samples have the variance of training. */
export function lambdaSampler(
  { timesteps, ratios, rung }: LambdaLadder,
  { steps, begin }: Pick<Sampler, 'steps' | 'begin'>,
): Sampler {
  return {
    timesteps,
    sigmas: ratios,
    steps,
    evaluationsPerStep: 1,
    initialNoiseSigma: 1,
    addNoise: (clean, noise, index) =>
      combination([rung(index).alpha, clean], [rung(index).sigma, noise]),
    scaleInput: (sample) => sample,
    begin,
  };
}
