/** @file Inspects a run folder: what it trains, how far it is, how it went. */
import { smoothed } from '../base/numbers/smoothed.ts';
import { join } from '../platform/paths.ts';
import { namesIn } from '../storage/files/folders.ts';
import { checkpointFiles } from '../train/folder/checkpoint.ts';
import { readEvents, type StepEvent, stepsOf } from '../train/folder/read-events.ts';
import { type RunRecord, readRun, runPaths } from '../train/folder/run-folder.ts';
import { type RunState, runState } from '../train/folder/run-state.ts';

/** A run. */
export interface RunInspection {
  readonly kind: 'run';
  readonly path: string;
  readonly state: RunState;
  readonly finished: boolean;
  /** The last that was made; 0 of none. */
  readonly step: number;
  /** As many as there will be. */
  readonly steps: number;
  /** At the last step. */
  readonly loss: number | undefined;
  readonly smoothedLoss: number | undefined;
  /** Of computing. */
  readonly seconds: number;
  /** Paths, in the order of their steps. */
  readonly checkpoints: readonly string[];
  /** The path of a finished run's. */
  readonly adapter: string | undefined;
  /** What it trains, on what, with which settings. */
  readonly record: RunRecord;
  readonly warnings: readonly string[];
}

/**
 * Inspects a run folder.
 *
 * @param now milliseconds since 1970 began
 * @throws RunError, FormatError where its files are broken
 */
export async function inspectRun(path: string, now: number): Promise<RunInspection> {
  const paths = runPaths(path);
  const record = await readRun(path);
  const names = await namesIn(path);
  const checkpoints = await checkpointFiles(paths.checkpoints);
  const steps = names.includes('events.jsonl') ? stepsOf(await readEvents(paths.events)) : [];
  const state = await runState(path, now);
  const finished = state.state === 'finished';
  const last = steps.at(-1);
  return {
    kind: 'run',
    path,
    state,
    finished,
    step: last?.step ?? 0,
    steps: record.config.steps,
    loss: last?.loss,
    smoothedLoss: smoothedLoss(steps),
    seconds: steps.reduce((sum, step) => sum + step.seconds, 0),
    checkpoints: checkpoints.map((name) => join(paths.checkpoints, name)),
    adapter: finished ? paths.adapter : undefined,
    record,
    warnings: [],
  };
}

function smoothedLoss(steps: readonly StepEvent[]): number | undefined {
  const smooth = smoothed();
  return steps.map(({ loss }) => smooth(loss)).at(-1);
}
