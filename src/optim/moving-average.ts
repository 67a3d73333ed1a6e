/** @file The moving average of parameters over training, as `diffusers.training_utils.EMAModel`. */
import { invariant } from '../base/errors.ts';
import { float32 } from '../tensor/tensor.ts';
import type { NamedTensors } from './optimizer.ts';

export interface MovingAverageOptions {
  /** Share of the average that an update keeps, at most. */
  readonly decay: number;
  /** With it the share is 1 − (1 + step)^−power, otherwise (1 + step) / (10 + step), as long as that is below `decay`. */
  readonly power?: number | undefined;
}

/** The average before the first update: a copy of the parameters. */
export function startAverage(parameters: NamedTensors): NamedTensors {
  return new Map([...parameters].map(([name, { shape, data }]) => [name, float32(shape, data)]));
}

/** Share of the average that update `update`, counted from 1, keeps; the first replaces it. */
export function decayAt(update: number, { decay, power }: MovingAverageOptions): number {
  const step = update - 1;
  if (step <= 0) return 0;
  const rising = power === undefined ? (1 + step) / (10 + step) : 1 - (1 + step) ** -power;
  return Math.min(rising, decay);
}

/** average ← average − (1 − decay) · (average − parameter), in place and in float32. */
export function updateAverage(
  average: NamedTensors,
  parameters: NamedTensors,
  decay: number,
): void {
  const share = Math.fround(1 - decay);
  for (const [name, { data }] of parameters) {
    const mean = average.get(name)?.data;
    invariant(mean?.length === data.length, `the average has no "${name}" of its parameter's size`);
    for (let i = 0; i < data.length; i++) {
      const difference = Math.fround((mean[i] ?? 0) - (data[i] ?? 0));
      mean[i] = (mean[i] ?? 0) - Math.fround(share * difference);
    }
  }
}
