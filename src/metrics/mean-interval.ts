/** @file Confidence intervals of means. */
import { deviation, mean } from './cosine.ts';
import { studentQuantile } from './student.ts';

/** Bounds of a mean. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Student's interval of the mean of independent values: mean ± t s / √n. Undefined of fewer than two values.
 *
 * Seven subjects are few: the percentile bootstrap, which takes the values for the whole of what could have been seen,
 * then holds the mean in 89 of 100 repetitions instead of 95.
 *
 * @param level share of repetitions in which the interval should hold the true mean
 */
export function meanInterval(values: readonly number[], level = 0.95): Interval | undefined {
  const spread = deviation(values);
  if (spread === undefined) return undefined;
  const error = spread / Math.sqrt(values.length);
  const reach = studentQuantile((1 + level) / 2, values.length - 1) * error;
  return { low: mean(values) - reach, high: mean(values) + reach };
}
