/** @file What a run takes of the disk. */
import { parameterShapes } from '../../adapters/index.ts';
import { elementCount } from '../../tensor/tensor.ts';
import type { TrainPlan } from '../training-plan.ts';

const bytesPerPixel = 3;

/** Of checkpoints (values, and two moments of those that are trained), the adapter at each of them and at the end, and samples at most. */
export function runBytes({ config, placed, parameterCount, size }: TrainPlan): number {
  const { keepCheckpoints, checkpointEvery, sampleEvery, steps, samplePrompt } = config;
  const checkpoints = Math.ceil(steps / checkpointEvery);
  const values = [...parameterShapes(placed).values()].map(elementCount);
  const stored = values.reduce((sum, count) => sum + count, 0);
  const kept = Math.min(keepCheckpoints, checkpoints);
  const floats = kept * (stored + 2 * parameterCount) + (checkpoints + 1) * stored;
  // Before the first step, and after the last one.
  const samples = sampleEvery === undefined ? 0 : Math.floor(steps / sampleEvery) + 2;
  return 4 * floats + samples * samplePrompt.length * size.width * size.height * bytesPerPixel;
}
