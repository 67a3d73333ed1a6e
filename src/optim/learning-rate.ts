/** @file Learning-rate schedules, as in `diffusers.optimization`: a factor for every step. */
import { ConfigError } from '../base/errors.ts';
import { parseRules, ruleAt } from './learning-rate-rules.ts';

/** Where training is: the step, counted from 0, and the progress, 0 after the warm-up and 1 at the end of training. */
interface Moment {
  readonly step: number;
  readonly progress: number;
}

/** The share of the rate at every moment after the warm-up. */
type Shape = (options: Required<LearningRateOptions>) => (moment: Moment) => number;

/** Every schedule by name; each may begin with a linear warm-up. */
export const learningRateShapes = {
  constant: () => () => 1,
  linear:
    () =>
    ({ progress }) =>
      Math.max(0, 1 - progress),
  // Half a period of the cosine (Loshchilov and Hutter 2017, eq. 5, without restarts).
  cosine:
    () =>
    ({ progress }) =>
      Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress))),
  // Half a period again and again, each time from the full rate (Loshchilov and Hutter 2017, section 3).
  'cosine-with-restarts':
    ({ cycles }) =>
    ({ progress }) =>
      progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((cycles * progress) % 1)))),
  // From the rate down to endRate along (1 − progress)^power.
  polynomial: ({ rate, endRate, power }) => {
    if (endRate >= rate) {
      throw new ConfigError(
        'LEARNING_RATE_END',
        `a polynomial schedule ends below its learning rate ${rate}, got the end ${endRate}`,
      );
    }
    return ({ progress }) =>
      ((rate - endRate) * Math.max(0, 1 - progress) ** power + endRate) / rate;
  },
  piecewise: (options) => {
    const rules = parseRules(options.rules);
    return ({ step }) => ruleAt(rules, step);
  },
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
  /** How often `cosine-with-restarts` falls. @default 1 */
  readonly cycles?: number;
  /** Exponent of `polynomial`. @default 1 */
  readonly power?: number;
  /** Rate at the end of `polynomial`. @default 1e-7 */
  readonly endRate?: number;
  /** Factors of `piecewise`, each up to a step, the last to the end: `1:10,0.1:20,0.005`. @default '1' */
  readonly rules?: string;
}

/**
 * The learning rate of every step, counted from 0.
 *
 * @throws ConfigError where the rate, the warm-up or what a schedule needs is out of range
 */
export function learningRateSchedule({
  name,
  rate,
  totalSteps,
  warmupSteps = 0,
  cycles = 1,
  power = 1,
  endRate = 1e-7,
  rules = '1',
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
  const shape: Shape = learningRateShapes[name];
  const options = { name, rate, totalSteps, warmupSteps, cycles, power, endRate, rules };
  const share = shape(options);
  return (step) => {
    if (step < warmupSteps) return rate * (step / warmupSteps);
    const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    return rate * share({ step, progress });
  };
}
