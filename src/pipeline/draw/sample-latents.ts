/** @file The sampling loop: noise to latents, along a sampler's trajectory. */
import { required } from '../../base/required.ts';
import type { DrawNoise, Sampler } from '../../diffusion/samplers/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { brokenWeights, requireFiniteResult } from '../network/finite-results.ts';

export interface SamplingLoop {
  readonly sampler: Sampler;
  /** The network's guided answer for a scaled sample at a timestep. */
  readonly predict: (sample: Tensor<'f32'>, timestep: number) => Promise<Tensor<'f32'>>;
  readonly drawNoise: DrawNoise;
  /** Where to begin; image-to-image begins later. @default 0 */
  readonly first?: number;
  /** Where the first of several networks began, from which errors count steps. @default first */
  readonly origin?: number;
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
 * @throws ModelError LATENTS_NOT_FINITE naming the step
 * @throws the signal's reason where it is aborted
 */
export async function sampleLatents(
  start: Tensor<'f32'>,
  loop: SamplingLoop,
): Promise<Tensor<'f32'>> {
  const { sampler, predict, drawNoise, first = 0, keep, onStep, signal } = loop;
  const { end = sampler.timesteps.length } = loop;
  const { origin = first } = loop;
  const steps = sampler.timesteps.length - origin;
  const step = sampler.begin();
  let sample = start;
  for (let i = first; i < end; i++) {
    signal?.throwIfAborted();
    const timestep = required(sampler.timesteps, i);
    const place = (result: string, advice: string) => () => ({
      code: 'LATENTS_NOT_FINITE' as const,
      what: `step ${i - origin + 1} of ${steps} (timestep ${timestep}), ${result}`,
      advice,
    });
    const output = requireFiniteResult(
      await predict(sampler.scaleInput(sample, i), timestep),
      place('what the UNet predicts', brokenWeights),
    );
    const next = step(sample, output, i, drawNoise);
    sample = requireFiniteResult(
      keep === undefined ? next : keep(next, i),
      place('the latents', 'try less guidance, a lower strength, more steps or another sampler'),
    );
    onStep?.(sample, i);
  }
  return sample;
}
