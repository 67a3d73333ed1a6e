/** @file Which network makes which steps: the base all of them, or a refiner the last ones. */
import { createSampler, type Sampler, type SamplerName } from '../../diffusion/samplers/index.ts';
import type { SchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { BaseModel } from '../base/base-model.ts';
import { handOverIndex, type Refiner, refinerScheduler, requireSharedLatents } from './refiner.ts';
import { firstIndex, type InitialPicture } from './sampling-start.ts';

/** A network and its part of the trajectory. */
export interface Stage {
  readonly model: BaseModel;
  readonly sampler: Sampler;
  /** Index after its last evaluation. */
  readonly end: number;
}

/** What decides the stages. */
export interface Staging {
  readonly steps: number;
  /** @default the sampler of the model's scheduler file */
  readonly sampler?: SamplerName | undefined;
  /** @default 0 */
  readonly eta?: number;
  /** Image-to-image, and in-painting where it has a mask. @default none: from noise */
  readonly initial?: InitialPicture | undefined;
  /** Goes on from the base's latents; they are decoded by the base's VAE. @default none */
  readonly refiner?: Refiner | undefined;
}

/**
 * The stages in order.
 *
 * @throws ConfigError STRENGTH, REFINER_START, or what a sampler refuses; ModelError REFINER_LATENTS
 */
export function stagesOf(base: BaseModel, options: Staging): readonly [Stage, ...Stage[]] {
  const { steps, sampler: name, eta = 0, refiner, initial } = options;
  const samplerOf = (scheduler: SchedulerConfig): Sampler =>
    createSampler(scheduler, { steps, eta, ...(name === undefined ? {} : { name }) });
  const sampler = samplerOf(base.scheduler);
  const first = firstIndex(sampler, initial?.noise ?? 1);
  const end = sampler.timesteps.length;
  if (refiner === undefined) return [{ model: base, sampler, end }];
  const { model, start } = refiner;
  requireSharedLatents(base, model);
  const handOver = handOverIndex(base, sampler, { start, first });
  return [
    { model: base, sampler, end: handOver },
    { model, sampler: samplerOf(refinerScheduler(base, model)), end },
  ];
}
