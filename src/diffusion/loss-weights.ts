/** @file How much each sample of a batch counts: loss = Σ_n w_n · mse_n. */
import { ConfigError } from '../base/errors.ts';
import type { NoiseSchedule, Timesteps } from './noise-schedule.ts';
import type { PredictionType } from './scheduler-config.ts';

/** Prior preservation (Ruiz et al. 2023, eq. 2): the last samples of the batch are pictures of the class. */
export interface PriorPreservation {
  readonly priorSamples: number;
  readonly weight: number;
}

/** Min-SNR-γ (Hang et al. 2023, section 3.4). */
export interface MinSnr {
  readonly gamma: number;
  readonly schedule: NoiseSchedule;
  readonly predictionType: PredictionType;
}

export interface LossWeightOptions {
  readonly prior?: PriorPreservation;
  readonly minSnr?: MinSnr;
}

/**
 * The weight of every sample: the mean over the subject's pictures, plus `prior.weight` times the mean over the
 * class's. Min-SNR-γ weighs the subject's pictures only.
 *
 * @param timesteps the samples' timesteps, [N]
 * @throws ConfigError where the prior leaves no picture of the subject
 */
export function lossWeights(
  timesteps: Timesteps,
  { prior, minSnr }: LossWeightOptions = {},
): Float32Array<ArrayBuffer> {
  const priorSamples = prior?.priorSamples ?? 0;
  const subjectSamples = timesteps.length - priorSamples;
  if (subjectSamples < 1) {
    throw new ConfigError(
      'PRIOR_SAMPLES',
      `${priorSamples} prior samples in a batch of ${timesteps.length} leave none of the subject; use a larger batch`,
    );
  }
  return Float32Array.from(timesteps, (timestep, n) => {
    if (prior !== undefined && n >= subjectSamples) return prior.weight / priorSamples;
    return (minSnr === undefined ? 1 : minSnrWeight(minSnr, timestep)) / subjectSamples;
  });
}

/** min(SNR, γ) / SNR for noise predictions, min(SNR, γ) / (SNR + 1) for velocities, min(SNR, γ) for clean samples. */
export function minSnrWeight(
  { gamma, schedule, predictionType }: MinSnr,
  timestep: number,
): number {
  const ratio = schedule.signalToNoise(timestep);
  const capped = Math.min(ratio, gamma);
  switch (predictionType) {
    case 'epsilon':
      return ratio === 0 ? 1 : capped / ratio; // 1 is the limit for SNR → 0
    case 'v_prediction':
      return capped / (ratio + 1);
    case 'sample':
      return capped;
    default:
      return predictionType satisfies never;
  }
}
