/** @file Carries out a task: trains once, then draws and scores whatever the store has no result of. */
import type * as z from 'zod';
import { ConfigError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import { findResult, writeResult } from '../run/results-in-store.ts';
import { requireSamePictures } from '../spec/subject-pictures.ts';
import { drawTaskSchema, trainTaskSchema } from '../spec/variant-settings.ts';
import { scoreTask } from './score-task.ts';
import { trainTask } from './train-task.ts';
import type { TaskHost } from './workbench.ts';
import type { ScoringTask, Task } from './worker-protocol.ts';

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

/**
 * Refuses a task with a setting that is none, out of range, or not a task's to state, such as a path of the machine:
 * whoever can write to a queue may have made it.
 */
function requireTaskSettings({ key, training, scorings }: Task): void {
  if (training !== undefined) require(`task ${key}: training`, trainTaskSchema, training.settings);
  for (const scoring of scorings) {
    require(`task ${key}: drawing ${scoring.key}`, drawTaskSchema, scoring.settings);
  }
}

function require(where: string, schema: z.ZodType, settings: unknown): void {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return;
  throw new ConfigError(
    'TASK_SETTING',
    `${where}: ${schemaProblems(schema, settings, parsed.error)}; run the sweep and its workers with the same version`,
  );
}
