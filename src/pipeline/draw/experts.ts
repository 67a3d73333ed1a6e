/** @file Which network makes which steps: the base all of them, or a refiner the last ones. */
import {
  createSampler,
  imageToImageStart,
  type Sampler,
  type SamplerName,
} from '../../diffusion/samplers/index.ts';
import type { SchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { BaseModel } from '../base/base-model.ts';
import { handOverIndex, type Refiner, refinerScheduler, requireSharedLatents } from './refiner.ts';
import { type Beginning, shareOfNoise } from './sampling-start.ts';

/** A network and its part of the trajectory. */
export interface Stage {
  readonly model: BaseModel;
  readonly sampler: Sampler;
  /** Index of its first evaluation. */
  readonly first: number;
  /** Index after its last evaluation. */
  readonly end: number;
}

/** What decides the stages. */
export interface Staging extends Beginning {
  /** With what was drawn before, those that are made; with an initial picture, those that the whole noise would take. */
  readonly steps: number;
  /** Where its own network is asked, in place of the steps; not looked at with what was drawn before. @default as the sampler spaces them */
  readonly timesteps?: readonly number[] | undefined;
  /** @default the sampler of the model's scheduler file */
  readonly sampler?: SamplerName | undefined;
  /** @default 0 */
  readonly eta?: number;
  /** Goes on from the base's latents; they are decoded by the base's VAE. @default none */
  readonly refiner?: Refiner | undefined;
}

/**
 * The stages in order.
 *
 * @throws ConfigError STRENGTH, REFINER_START, or what a sampler refuses; ModelError REFINER_LATENTS
 */
export function stagesOf(base: BaseModel, options: Staging): readonly [Stage, ...Stage[]] {
  const { sampler: name, eta = 0, refiner } = options;
  const steps = stepsOfWhole(options);
  const timesteps = options.again === undefined ? options.timesteps : undefined;
  const samplerOf = (scheduler: SchedulerConfig): Sampler =>
    createSampler(scheduler, { steps, timesteps, eta, ...(name && { name }) });
  const sampler = samplerOf(base.scheduler);
  const first = firstIndex(sampler, options);
  const end = sampler.timesteps.length;
  if (refiner === undefined) return [{ model: base, sampler, first, end }];
  const { model, start } = refiner;
  requireSharedLatents(base, model);
  const handOver = handOverIndex(base, sampler, { start, first });
  return [
    { model: base, sampler, first, end: handOver },
    { model, sampler: samplerOf(refinerScheduler(base, model)), first: handOver, end },
  ];
}

/** Steps from all of the noise, of which those under the share of a second pass are as many as are asked for. */
function stepsOfWhole({ steps, again }: Staging): number {
  return again === undefined ? steps : Math.max(steps, Math.trunc(steps / again.noise));
}

/**
 * Index at which sampling begins: 0 where it is under all of the noise.
 *
 * @throws ConfigError STRENGTH where no step would be left
 */
function firstIndex(sampler: Sampler, options: Staging): number {
  const share = shareOfNoise(options);
  if (share === 1) return 0;
  if (options.again === undefined) return imageToImageStart(sampler, share);
  return (sampler.steps - options.steps) * sampler.evaluationsPerStep;
}
