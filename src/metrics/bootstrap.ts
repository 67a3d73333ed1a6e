/** @file Confidence intervals of means by the bootstrap. */
import { required } from '../base/required.ts';
import type { TorchGenerator } from '../base/torch-random.ts';

/** Bounds of a mean. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly generator: TorchGenerator;
  /** Share of repetitions in which the interval should hold the true mean. @default 0.95 */
  readonly level?: number;
  /** @default 2000 */
  readonly resamples?: number;
}

/**
 * Percentile interval of the mean of independent values (Efron 1979): the quantiles of the means of samples drawn from
 * them with replacement. Undefined of fewer than two values.
 */
export function bootstrapInterval(
  values: readonly number[],
  { generator, level = 0.95, resamples = 2000 }: BootstrapOptions,
): Interval | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const drawn = generator.randint(0, count, count * resamples);
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += required(values, drawn[sample * count + i] ?? 0);
    means[sample] = sum / count;
  }
  means.sort();
  return { low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2) };
}

/** Quantile of sorted values, linear between neighbours. */
function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const before = required(sorted, Math.floor(at));
  const after = required(sorted, Math.ceil(at));
  return before + (at - Math.floor(at)) * (after - before);
}
