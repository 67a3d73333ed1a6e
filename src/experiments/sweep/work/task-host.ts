/** @file What a task needs of the worker that carries it out. */
import type { ResultStore } from '../../store/result-store.ts';
import type { TaskProgress } from './task-engine.ts';
import type { Workbench } from './workbench.ts';

/** What a task needs of its surroundings. */
export interface TaskHost {
  /** Where results land. */
  readonly store: ResultStore;
  /** Folder on this machine for runs and pictures. */
  readonly work: string;
  readonly workbench: Workbench;
  /** Name of this worker. */
  readonly worker: string;
  readonly onProgress: (progress: TaskProgress) => void;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
}
