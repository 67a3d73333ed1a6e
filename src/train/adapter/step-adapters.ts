/** @file The adapters that a run had at its checkpoints: small beside them, and kept when they go, so that steps can be compared. */
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import {
  checkpointFiles,
  checkpointName,
  stepOfName,
  type TrainState,
} from '../folder/checkpoint.ts';
import { type RunPaths, runPaths } from '../folder/run-folder.ts';
import type { TrainPlan } from '../training-plan.ts';
import { adapterBytesNow } from './finished-adapters.ts';

/** Writes the adapter as it is; a step that is made again after a kill writes the same bytes. */
export async function writeStepAdapter(
  plan: TrainPlan,
  state: TrainState,
  paths: RunPaths,
): Promise<void> {
  await writeFileAtomic(stepAdapterPath(paths, state.step), adapterBytesNow(plan, state));
}

/** Where the adapter of a step lies, if it was kept. */
export function stepAdapterPath({ stepAdapters }: RunPaths, step: number): string {
  return join(stepAdapters, checkpointName(step));
}

/** Steps of a run whose adapter is there, or can be made of a checkpoint: runs of earlier versions kept no adapters. */
export async function stepsKept(run: string): Promise<readonly number[]> {
  const { stepAdapters, checkpoints } = runPaths(run);
  const found = [stepAdapters, checkpoints].map(async (folder) => {
    return (await checkpointFiles(folder)).map(stepOfName).filter((step) => step !== undefined);
  });
  return [...new Set((await Promise.all(found)).flat())].sort((a, b) => a - b);
}
