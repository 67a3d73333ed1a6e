/** @file What is known of a training whose process has ended without finishing it. */
import { checkpointFiles, stepOfName } from '../../train/folder/checkpoint.ts';
import { runPaths } from '../../train/folder/run-folder.ts';
import type { RunJournal } from '../runs/run-journal.ts';

/** After these a process computes no more, and a new one may. */
const ofTheProcess: ReadonlySet<string> = new Set(['DEVICE_LOST', 'OUT_OF_MEMORY']);

/** Whether a run that nobody works on any more neither ended nor was stopped, nor failed for a reason that stays. */
export function brokeOff({ last }: Pick<RunJournal, 'last'>): boolean {
  if (last?.type === 'failed') return ofTheProcess.has(last.code);
  return last?.type !== 'finished' && last?.type !== 'interrupted';
}

/** The step that a run can be gone on with from; 0 where there is no checkpoint, or no run. */
export async function reachedStep(run: string): Promise<number> {
  const newest = (await checkpointFiles(runPaths(run).checkpoints).catch(() => [])).at(-1);
  return newest === undefined ? 0 : (stepOfName(newest) ?? 0);
}
