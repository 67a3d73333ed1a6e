/** @file From what a network predicts to the clean sample x₀ and the noise ε, at a level ᾱ. */
import type { Tensor } from '../tensor/tensor.ts';
import { combination } from './combination.ts';
import { noiseLevels } from './noise-schedule.ts';
import type { PredictionType } from './scheduler-config.ts';

/** A network's output, the noisy sample it was given, and how to read it. */
export interface Prediction {
  readonly type: PredictionType;
  readonly alphaBar: number;
  readonly sample: Tensor<'f32'>;
  readonly output: Tensor<'f32'>;
}

/** x₀ = (x_t - √(1-ᾱ)·ε) / √ᾱ = √ᾱ·x_t - √(1-ᾱ)·v. */
export function predictedClean({ type, alphaBar, sample, output }: Prediction): Tensor<'f32'> {
  const { signal, noise } = noiseLevels(alphaBar);
  switch (type) {
    case 'epsilon':
      return combination([1 / signal, sample], [-noise / signal, output]);
    case 'v_prediction':
      return combination([signal, sample], [-noise, output]);
    case 'sample':
      return output;
    default:
      return type satisfies never;
  }
}

/** ε = √ᾱ·v + √(1-ᾱ)·x_t = (x_t - √ᾱ·x₀) / √(1-ᾱ). */
export function predictedNoise({ type, alphaBar, sample, output }: Prediction): Tensor<'f32'> {
  const { signal, noise } = noiseLevels(alphaBar);
  switch (type) {
    case 'epsilon':
      return output;
    case 'v_prediction':
      return combination([signal, output], [noise, sample]);
    case 'sample':
      return combination([1 / noise, sample], [-signal / noise, output]);
    default:
      return type satisfies never;
  }
}
