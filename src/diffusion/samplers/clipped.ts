/** @file Keeps predictions of the clean sample in the range that data has. */
import { float32, type Tensor } from '../../tensor/tensor.ts';
import type { SchedulerSettings } from '../scheduler-config.ts';

/** x₀, with `clip_sample` limited to ±`clip_sample_range`. */
export function clipped(settings: SchedulerSettings, clean: Tensor<'f32'>): Tensor<'f32'> {
  if (!settings.clip_sample) return clean;
  const range = settings.clip_sample_range;
  return float32(
    clean.shape,
    clean.data.map((value) => Math.min(Math.max(value, -range), range)),
  );
}
