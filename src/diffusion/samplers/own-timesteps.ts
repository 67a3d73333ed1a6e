/** @file Timesteps of a user's own: what they may be, and where none may be told. */
import { ConfigError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { SchedulerSettings } from '../scheduler-config.ts';
import type { ChosenTimesteps } from './sampler.ts';

/**
 * Refuses what is no list of timesteps.
 *
 * @param length timesteps of training, where they are known
 * @throws ConfigError TIMESTEPS
 */
export function requireTimesteps(
  timesteps: readonly number[],
  length = Number.POSITIVE_INFINITY,
): void {
  const refusal = (found: string) =>
    new ConfigError(
      'TIMESTEPS',
      `\`timesteps\`: expected whole numbers from 0 to ${Number.isFinite(length) ? length - 1 : 'the last of training, mostly 999'}, each below the one before, got ${found}`,
    );
  if (timesteps.length === 0) throw refusal('none');
  for (const [i, timestep] of timesteps.entries()) {
    if (!Number.isInteger(timestep) || timestep < 0 || timestep >= length) {
      throw refusal(String(timestep));
    }
    const before = i === 0 ? length : required(timesteps, i - 1);
    if (timestep >= before) throw refusal(`${before} and then ${timestep}`);
  }
}

/**
 * Refuses timesteps at levels that have their own.
 *
 * @throws ConfigError TIMESTEPS_SAMPLER
 */
export function requireNoKarras(
  { use_karras_sigmas: areKarras }: Pick<SchedulerSettings, 'use_karras_sigmas'>,
  { timesteps }: Pick<ChosenTimesteps, 'timesteps'>,
): void {
  if (!areKarras || timesteps === undefined) return;
  throw new ConfigError(
    'TIMESTEPS_SAMPLER',
    "`timesteps`: the model's scheduler file asks for Karras' levels (use_karras_sigmas), which have their own; leave `timesteps` out, or choose the sampler ddpm, lcm or tcd",
  );
}
