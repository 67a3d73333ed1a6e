/** @file The timesteps that a network was distilled at, of which a few are sampled. */
import { ConfigError } from '../../../base/errors.ts';
import type { SchedulerSettings } from '../../scheduler-config.ts';
import type { ChosenTimesteps } from '../sampler.ts';

/**
 * The timesteps that were chosen, or `steps` of those that the network was distilled at, evenly, falling.
 *
 * @param method names the sampler in errors
 * @throws ConfigError where there are not as many
 */
export function distilledTimesteps(
  method: string,
  settings: SchedulerSettings,
  { steps, timesteps }: ChosenTimesteps,
): readonly number[] {
  if (timesteps !== undefined) return timesteps;
  const { num_train_timesteps: total, original_inference_steps: distilled } = settings;
  if (!Number.isInteger(steps) || steps < 1 || steps > distilled) {
    throw new ConfigError(
      'STEPS',
      `${method}: steps is an integer from 1 to ${distilled} (original_inference_steps), got ${steps}; 4 to 8 are usual`,
    );
  }
  const stride = Math.floor(total / distilled);
  return Array.from({ length: steps }, (_, i) => {
    const skipped = Math.floor(i * (distilled / steps));
    return (distilled - skipped) * stride - 1;
  });
}
