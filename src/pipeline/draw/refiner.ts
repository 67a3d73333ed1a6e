/** @file A second network for the last steps: SDXL's refiner (Podell et al. 2023, arXiv 2307.01952, sec. 2.5) as an expert for little noise. */
import { ConfigError, ModelError } from '../../base/errors.ts';
import { formatRange } from '../../base/quantities.ts';
import { lastOf } from '../../base/required.ts';
import type { Sampler } from '../../diffusion/samplers/index.ts';
import { resolveSettings, type SchedulerConfig } from '../../diffusion/scheduler-config.ts';
import { roundHalfEven } from '../../tensor/round-half-even.ts';
import type { BaseModel } from '../base/base-model.ts';

/** A model that goes on from the latents of another. */
export interface Refiner {
  readonly model: BaseModel;
  /** Share of the schedule that the base makes, in (0, 1). */
  readonly start: number;
}

/**
 * Refuses a refiner for which the base's latents mean something else.
 *
 * @throws ModelError REFINER_LATENTS
 */
export function requireSharedLatents(base: BaseModel, refiner: BaseModel): void {
  const [expected, found] = [base, refiner].map(({ vae }) => {
    const { latentChannels, downsampling, scalingFactor } = vae.config;
    return `${latentChannels} channels, 1/${downsampling} of the side, scaled by ${scalingFactor}`;
  });
  const refuse = (problem: string): never => {
    throw new ModelError(
      'REFINER_LATENTS',
      `refiner ${refiner.name}: ${problem}; take one of the same family, for SDXL stabilityai/stable-diffusion-xl-refiner-1.0`,
    );
  };
  if (found !== expected) {
    refuse(`it goes on from latents of ${found}, ${base.name} gives ${expected}`);
  }
  const { inChannels } = refiner.unet.config;
  if (inChannels !== refiner.vae.config.latentChannels) {
    refuse(`its UNet takes ${inChannels} channels, where it is given latents alone`);
  }
}

/** The base's trajectory for what the refiner predicts; so both stand on the same levels of noise. */
export function refinerScheduler(base: BaseModel, refiner: BaseModel): SchedulerConfig {
  const { prediction_type } = resolveSettings(refiner.scheduler);
  return { ...base.scheduler, stated: { ...base.scheduler.stated, prediction_type } };
}

/** Where a trajectory is divided. */
export interface HandOver {
  /** Share of the schedule that comes before. */
  readonly start: number;
  /** Index at which sampling begins; image-to-image begins later. @default 0 */
  readonly first?: number;
}

/**
 * Index into `timesteps` at which the refiner goes on: the first below (1 - start)·T, as denoising_end and
 * denoising_start of diffusers choose it, after a whole step where a step asks twice.
 *
 * @throws ConfigError REFINER_START where base or refiner would make no step
 */
export function handOverIndex(
  base: BaseModel,
  sampler: Sampler,
  { start, first = 0 }: HandOver,
): number {
  const { num_train_timesteps: total } = resolveSettings(base.scheduler);
  const { timesteps, evaluationsPerStep } = sampler;
  const indexOf = (share: number): number => {
    const cutOff = roundHalfEven(total - share * total);
    const above = timesteps.filter((timestep) => timestep >= cutOff).length;
    return Math.ceil(above / evaluationsPerStep) * evaluationsPerStep;
  };
  const isInside = (index: number): boolean => index > first && index < timesteps.length;
  const index = indexOf(start);
  if (isInside(index)) return index;
  const hundredths = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const possible = hundredths.filter((share) => isInside(indexOf(share)));
  const steps = sampler.steps - first / evaluationsPerStep;
  throw new ConfigError(
    'REFINER_START',
    `refinerStart ${start} leaves the ${index > first ? 'refiner' : 'base'} none of ${steps} steps; ${advice(possible)}`,
  );
}

function advice(shares: readonly number[]): string {
  const [least] = shares;
  if (least === undefined) return 'use more steps';
  return `use ${formatRange(least, lastOf(shares))}, or more steps`;
}
