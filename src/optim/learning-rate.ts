/** @file Learning-rate schedules, as in `diffusers.optimization`: a factor for every step. */
import { ConfigError } from '../base/errors.ts';

/** Share of the rate by progress, 0 at the end of the warm-up and 1 at the end of training. */
type Shape = (progress: number) => number;

/** Every schedule by name; each may begin with a linear warm-up. */
export const learningRateShapes = {
  constant: () => 1,
  // Half a period of the cosine (Loshchilov and Hutter 2017, eq. 5, without restarts).
  cosine: (progress) => Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress))),
} as const satisfies Record<string, Shape>;

export type LearningRateName = keyof typeof learningRateShapes;

export interface LearningRateOptions {
  readonly name: LearningRateName;
  /** Rate after the warm-up. */
  readonly rate: number;
  /** Steps of the whole training. */
  readonly totalSteps: number;
  /** Steps over which the rate rises linearly from 0. @default 0 */
  readonly warmupSteps?: number;
}

/**
 * The learning rate of every step, counted from 0.
 *
 * @throws ConfigError where the rate or the warm-up is out of range
 */
export function learningRateSchedule({
  name,
  rate,
  totalSteps,
  warmupSteps = 0,
}: LearningRateOptions): (step: number) => number {
  if (!(rate >= 0 && Number.isFinite(rate))) {
    throw new ConfigError('LEARNING_RATE', `the learning rate is a number from 0 on, got ${rate}`);
  }
  if (!Number.isInteger(warmupSteps) || warmupSteps < 0 || warmupSteps > totalSteps) {
    throw new ConfigError(
      'LEARNING_RATE_WARMUP',
      `warm-up steps are from 0 to the ${totalSteps} steps of training, got ${warmupSteps}`,
    );
  }
  const shape = learningRateShapes[name];
  return (step) => {
    if (step < warmupSteps) return rate * (step / warmupSteps);
    return rate * shape((step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  };
}
