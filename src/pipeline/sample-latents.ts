/** @file The sampling loop: noise to latents, along a sampler's trajectory. */
import type { DrawNoise, Sampler } from '../diffusion/samplers/index.ts';
import type { Tensor } from '../tensor/tensor.ts';

export interface SamplingLoop {
  readonly sampler: Sampler;
  /** The network's guided answer for a scaled sample at a timestep. */
  readonly predict: (sample: Tensor<'f32'>, timestep: number) => Promise<Tensor<'f32'>>;
  readonly drawNoise: DrawNoise;
  /** Where to begin; image-to-image begins later. @default 0 */
  readonly first?: number;
  /** Index after the last evaluation; where another network goes on. @default the end of the trajectory */
  readonly end?: number;
  /** Replaces the sample after every step; in-painting puts back what is kept. */
  readonly keep?: ((sample: Tensor<'f32'>, index: number) => Tensor<'f32'>) | undefined;
  /** Called after every step with the sample so far. */
  readonly onStep?: (sample: Tensor<'f32'>, index: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Follows a sampler from `start`, which must have the noise that the first step expects.
 *
 * @throws the signal's reason where it is aborted
 */
export async function sampleLatents(
  start: Tensor<'f32'>,
  loop: SamplingLoop,
): Promise<Tensor<'f32'>> {
  const { sampler, predict, drawNoise, first = 0, keep, onStep, signal } = loop;
  const { end = sampler.timesteps.length } = loop;
  const step = sampler.begin();
  let sample = start;
  for (let i = first; i < end; i++) {
    signal?.throwIfAborted();
    const output = await predict(sampler.scaleInput(sample, i), sampler.timesteps[i] ?? 0);
    const next = step(sample, output, i, drawNoise);
    sample = keep === undefined ? next : keep(next, i);
    onStep?.(sample, i);
  }
  return sample;
}
