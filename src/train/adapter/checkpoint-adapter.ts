/** @file The adapter that a run had at a checkpoint: what it would have written, had it ended there. */
import { join } from '../../platform/paths.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { openBaseOfRun } from '../folder/base-of-run.ts';
import { checkpointName } from '../folder/checkpoint.ts';
import { requireSameSettings } from '../folder/made-with.ts';
import { readCheckpoint } from '../folder/read-checkpoint.ts';
import { readRun, runPaths } from '../folder/run-folder.ts';
import { planTraining } from '../training-plan.ts';
import { adapterBytesNow } from './finished-adapters.ts';
import { keptInitial } from './initial-adapter.ts';

/** A kept state of a run. */
export interface RunCheckpoint {
  /** Folder of the run. */
  readonly run: string;
  readonly step: number;
}

/**
 * The bytes of an adapter file with the parameters of a checkpoint; where the run averages them, with the average.
 *
 * @throws RunError NOT_A_RUN, BASE_CHANGED, INIT_CHANGED, RUN_CHANGED or CHECKPOINT_BROKEN; SystemError where it is not kept
 */
export async function adapterAtCheckpoint(
  { run, step }: RunCheckpoint,
  hub?: HubHost,
): Promise<Uint8Array<ArrayBuffer>> {
  const record = await readRun(run);
  const paths = runPaths(run);
  const base = await openBaseOfRun(run, record, hub);
  const initial = record.init && (await keptInitial(paths, record.init, base));
  const plan = planTraining(record.config, base, initial);
  const state = await readCheckpoint(join(paths.checkpoints, checkpointName(step)), plan);
  requireSameSettings(state, plan, paths);
  return adapterBytesNow(plan, state);
}
