/** @file What carries out one task at a time, wherever tasks come from. */

import type { Task } from './task.ts';
import type { TaskProgress } from './task-engine.ts';

export type { TaskProgress } from './task-engine.ts';

/** What a task needs of whoever gives it. */
export interface TaskRunHost {
  readonly onProgress: (progress: TaskProgress) => void;
  /** Aborted: the task is stopped where it can go on later. */
  readonly signal: AbortSignal;
}

/** Carries out tasks; ends when all results of a task are in the store. */
export interface TaskRunner {
  run(task: Task, host: TaskRunHost): Promise<void>;
}
