/** @file The samplers by name, and which of them a model's scheduler file asks for. */
import { ConfigError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { NoiseSchedule } from '../noise-schedule.ts';
import { resolveSettings, type SchedulerConfig } from '../scheduler-config.ts';
import { ddim } from './ddim.ts';
import { euler } from './euler.ts';
import { pndm } from './pndm.ts';
import type { Sampler, SamplerMethod, SamplerOptions } from './sampler.ts';

export { type DrawNoise, imageToImageStart, type Sampler, type Step } from './sampler.ts';

/** Every sampler; a new one is a file and a line here. */
export const samplers = { ddim, euler, pndm } as const satisfies Record<string, SamplerMethod>;

export type SamplerName = keyof typeof samplers;

const names = Object.keys(samplers) as SamplerName[];

/**
 * A sampler's name as a user wrote it.
 *
 * @throws ConfigError where there is none of that name
 */
export function parseSamplerName(name: string): SamplerName {
  const found = names.find((each) => each === name);
  if (found !== undefined) return found;
  throw new ConfigError(
    'SAMPLER_UNKNOWN',
    `no sampler called "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}`,
  );
}

/**
 * The sampler that reproduces the class a scheduler file names.
 *
 * @throws ConfigError where there is none yet
 */
export function defaultSampler(config: SchedulerConfig): SamplerName {
  const found = names.find((name) => samplers[name].schedulerClass === config.className);
  if (found !== undefined) return found;
  throw new ConfigError(
    'SAMPLER_FOR_CLASS',
    `the model's scheduler is ${config.className}, for which there is no sampler; choose one with --sampler: ${names.join(', ')}`,
  );
}

/**
 * A sampler over a model's noise schedule.
 *
 * @param options `name`: the method; without it, the one that the scheduler file names
 * @throws ConfigError where the settings and the method don't go together
 */
export function createSampler(
  config: SchedulerConfig,
  { name = defaultSampler(config), ...options }: SamplerOptions & { readonly name?: SamplerName },
): Sampler {
  const method: SamplerMethod = samplers[name];
  const settings = resolveSettings(config, method.defaults);
  return method.create(new NoiseSchedule(settings), settings, options);
}
