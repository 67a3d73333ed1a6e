/** @file How much noise each training timestep holds: β, ᾱ, and what follows from them (Ho et al. 2020). */
import { ConfigError } from '../base/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type BetaSettings, betas, cumulativeAlphas, zeroTerminalSnr } from './betas.ts';
import { combination } from './combination.ts';
import type { PredictionType, SchedulerSettings } from './scheduler-config.ts';

/** Training timesteps, one a sample. */
export type Timesteps = readonly number[] | Int32Array;

/** The settings that decide the noise schedule. */
export type NoiseSettings = BetaSettings & Pick<SchedulerSettings, 'rescale_betas_zero_snr'>;

/**
 * A discrete noise schedule: x_t = √ᾱ_t·x₀ + √(1-ᾱ_t)·ε.
 *
 * All numbers are float32, computed in PyTorch's order, so that they equal the reference's.
 */
export class NoiseSchedule {
  /** β_t, by training timestep. */
  readonly betas: Float32Array<ArrayBuffer>;
  /** ᾱ_t = Π(1-β), by training timestep. */
  readonly alphasCumprod: Float32Array<ArrayBuffer>;

  /** @throws ConfigError NOISE_SCHEDULE where nothing of a picture is left before the last timestep */
  constructor(settings: NoiseSettings) {
    const plain = betas(settings);
    this.betas = settings.rescale_betas_zero_snr ? zeroTerminalSnr(plain) : plain;
    this.alphasCumprod = cumulativeAlphas(this.betas);
    requireSignal(this.alphasCumprod, settings);
  }

  /** Number of training timesteps. */
  get length(): number {
    return this.betas.length;
  }

  /**
   * ᾱ at a training timestep.
   *
   * @throws ConfigError where the schedule does not reach that far
   */
  alphaBar(timestep: number): number {
    const value = this.alphasCumprod[timestep];
    if (value !== undefined) return value;
    throw new ConfigError(
      'TIMESTEP_RANGE',
      `timestep ${timestep} is not one of the schedule's 0 to ${this.length - 1}; use fewer steps or a smaller steps_offset`,
    );
  }

  /** x_t = √ᾱ_t·x₀ + √(1-ᾱ_t)·ε (DDPM, eq. 4), each sample at its own timestep. */
  addNoise(clean: Tensor<'f32'>, noise: Tensor<'f32'>, timesteps: Timesteps): Tensor<'f32'> {
    const { signal, noise: level } = this.#levels(timesteps);
    return combination([signal, clean], [level, noise]);
  }

  /** v = √ᾱ_t·ε - √(1-ᾱ_t)·x₀ (Salimans and Ho 2022, appendix D), each sample at its own timestep. */
  velocity(clean: Tensor<'f32'>, noise: Tensor<'f32'>, timesteps: Timesteps): Tensor<'f32'> {
    const { signal, noise: level } = this.#levels(timesteps);
    return combination([signal, noise], [level.map((value) => -value), clean]);
  }

  /** What the network is trained to predict. */
  trainingTarget(
    predictionType: PredictionType,
    clean: Tensor<'f32'>,
    noise: Tensor<'f32'>,
    timesteps: Timesteps,
  ): Tensor<'f32'> {
    switch (predictionType) {
      case 'epsilon':
        return noise;
      case 'v_prediction':
        return this.velocity(clean, noise, timesteps);
      case 'sample':
        return clean;
      default:
        return predictionType satisfies never;
    }
  }

  /** Signal-to-noise ratio ᾱ / (1-ᾱ) at a training timestep. */
  signalToNoise(timestep: number): number {
    const { signal, noise } = noiseLevels(this.alphaBar(timestep));
    return Math.fround(Math.fround(signal / noise) ** 2);
  }

  #levels(timesteps: Timesteps): { signal: number[]; noise: number[] } {
    const levels = Array.from(timesteps, (timestep) => noiseLevels(this.alphaBar(timestep)));
    return {
      signal: levels.map((level) => level.signal),
      noise: levels.map((level) => level.noise),
    };
  }
}

/** ᾱ may be 0 at the last timestep alone (zero terminal SNR): what follows it could not be told apart. */
function requireSignal(alphasCumprod: Float32Array, settings: NoiseSettings): void {
  const exhausted = alphasCumprod.findIndex((alphaBar) => !(alphaBar > 0 && alphaBar < 1));
  const last = alphasCumprod.length - 1;
  if (exhausted < 0 || (exhausted === last && alphasCumprod[last] === 0)) return;
  const { beta_start, beta_end, trained_betas } = settings;
  const given =
    trained_betas === null ? `beta_start ${beta_start}, beta_end ${beta_end}` : 'trained_betas';
  throw new ConfigError(
    'NOISE_SCHEDULE',
    `the noise schedule (${given}): expected a share of the picture between 0 and 1 at every timestep, found ${alphasCumprod[exhausted]} at timestep ${exhausted} of ${last}; correct the model's scheduler_config.json (0.00085 to 0.012 is usual)`,
  );
}

/** √ᾱ and √(1-ᾱ), in float32. */
export function noiseLevels(alphaBar: number): { signal: number; noise: number } {
  return {
    signal: Math.fround(Math.sqrt(alphaBar)),
    noise: Math.fround(Math.sqrt(Math.fround(1 - alphaBar))),
  };
}
