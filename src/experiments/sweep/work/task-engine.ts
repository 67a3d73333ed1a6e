/** @file What carries out the tasks of a sweep: worker processes here, or a queue that workers anywhere take from. */
import type { Task } from './task.ts';

/** Where a worker is in a task. */
export interface TaskProgress {
  readonly stage: 'training' | 'drawing' | 'scoring';
  readonly done: number;
  readonly total: number;
}

/** What an engine reports of its workers. `worker` is a name that tells them apart: "host-1234". */
export type EngineEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'begun'; readonly worker: string; readonly task: string }
  | {
      readonly type: 'progress';
      readonly worker: string;
      readonly task: string;
      readonly progress: TaskProgress;
    }
  /** All its results are in the store. */
  | { readonly type: 'done'; readonly worker: string; readonly task: string }
  /** It has been given up; others go on. */
  | {
      readonly type: 'failed';
      readonly worker: string;
      readonly task: string;
      readonly message: string;
    };

export interface EngineHost {
  readonly report: (event: EngineEvent) => void;
  /** Aborted: what is being done is stopped where it can go on later. */
  readonly signal: AbortSignal;
}

/** Carries out tasks. */
export interface TaskEngine {
  /** Ends when every task is done or failed, or the signal is aborted. `task` in events is the task's key. */
  run(tasks: readonly Task[], host: EngineHost): Promise<void>;
}
