/** @file Carries out a task: trains once, then draws and scores whatever the store has no result of. */

import { findResult, writeResult } from '../run/results-in-store.ts';
import { requireSamePictures } from '../spec/subject-pictures.ts';
import { requireTaskSettings } from './require-task.ts';
import { scoreTask } from './score-task.ts';
import type { ScoringTask, Task } from './task.ts';
import type { TaskHost } from './task-host.ts';
import { trainTask } from './train-task.ts';

/**
 * Does what of a task is not done. Stopped at any moment and begun again, anywhere, it ends with the same results.
 *
 * @throws the signal's reason where it is aborted
 * @throws ConfigError TASK_SETTING before anything is done
 * @throws RunError SUBJECT_DIFFERS, or what training, drawing and scoring may throw
 */
export async function runTask(task: Task, host: TaskHost): Promise<void> {
  requireTaskSettings(task);
  const open: ScoringTask[] = [];
  for (const scoring of task.scorings) {
    if ((await findResult(host.store, scoring.key)) === undefined) open.push(scoring);
  }
  if (open.length === 0) return;
  const { benchmark, name } = task.subject;
  const local = await host.workbench.subject(benchmark, name);
  await requireSamePictures(local, task.subject);
  const trained = task.training && (await trainTask(task, task.training, { local, host }));
  for (const scoring of open) {
    host.signal.throwIfAborted();
    const { result, sheet } = await scoreTask(task, scoring, { local, trained, host });
    // The result last: what has one is whole.
    await host.store.write(`pictures/${scoring.key}.webp`, sheet);
    await writeResult(host.store, result);
  }
}
