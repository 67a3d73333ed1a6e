/** @file What a run takes of the disk. */
import type { TrainPlan } from '../training-plan.ts';

const bytesPerPixel = 3;

/** Of checkpoints (a value and two moments), the adapter at each of them and at the end, and samples at most. */
export function runBytes({ config, parameterCount, size }: TrainPlan): number {
  const { keepCheckpoints, checkpointEvery, sampleEvery, steps, samplePrompt } = config;
  const checkpoints = Math.ceil(steps / checkpointEvery);
  const floats = (3 * Math.min(keepCheckpoints, checkpoints) + checkpoints + 1) * parameterCount;
  // Before the first step, and after the last one.
  const samples = sampleEvery === undefined ? 0 : Math.floor(steps / sampleEvery) + 2;
  return 4 * floats + samples * samplePrompt.length * size.width * size.height * bytesPerPixel;
}
