/** @file Which of the training timesteps are sampled (Lin et al. 2024, table 2). */
import { ConfigError } from '../../../base/errors.ts';
import { roundHalfEven } from '../../../tensor/round-half-even.ts';
import type { SchedulerSettings } from '../../scheduler-config.ts';
import type { ChosenTimesteps } from '../sampler.ts';

/**
 * The timesteps that were chosen, or `steps` in falling order; `linspace` may give fractions, the others don't.
 *
 * @throws ConfigError where `steps` is not between 1 and the number of training timesteps
 */
export function spacedTimesteps(
  settings: SchedulerSettings,
  { steps, timesteps }: ChosenTimesteps,
): readonly number[] {
  if (timesteps !== undefined) return timesteps;
  const { num_train_timesteps: total, timestep_spacing: spacing, steps_offset } = settings;
  requireSteps(steps, total);
  const indices = Array.from({ length: steps }, (_, i) => i);
  switch (spacing) {
    case 'linspace': // 0 … T-1, both included
      return indices.map((i) => (steps === 1 ? 0 : ((total - 1) / (steps - 1)) * i)).reverse();
    case 'leading': {
      const stride = stepLength(settings, steps);
      return indices.map((i) => i * stride + steps_offset).reverse();
    }
    case 'trailing':
      return indices.map((i) => roundHalfEven(total - i * (total / steps)) - 1);
    default:
      return spacing satisfies never;
  }
}

/**
 * The timesteps that were chosen, or `steps` whole ones in falling order, of which `linspace` and `leading` count one more
 * and leave out its 0.
 *
 * @throws ConfigError where `steps` is not at least 1 and below the number of training timesteps
 */
export function timestepsAboveZero(
  settings: SchedulerSettings,
  { steps, timesteps }: ChosenTimesteps,
): readonly number[] {
  if (timesteps !== undefined) return timesteps;
  const counted = settings.timestep_spacing === 'trailing' ? steps : steps + 1;
  requireSteps(steps, settings.num_train_timesteps - (counted - steps));
  return spacedTimesteps(settings, { steps: counted }).slice(0, steps).map(roundHalfEven);
}

function requireSteps(steps: number, most: number): void {
  if (Number.isInteger(steps) && steps >= 1 && steps <= most) return;
  throw new ConfigError('STEPS', `steps is an integer from 1 to ${most}, got ${steps}`);
}

/** Whole training timesteps between two steps: ⌊T / steps⌋. */
export function stepLength(settings: SchedulerSettings, steps: number): number {
  return Math.floor(settings.num_train_timesteps / steps);
}
