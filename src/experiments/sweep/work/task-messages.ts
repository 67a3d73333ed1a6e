/** @file What a process that carries out tasks and the one that started it say to each other. */
import type { DeviceChoice } from '../../../runtime/index.ts';
import type { Task } from './task.ts';
import type { TaskProgress } from './task-engine.ts';

/** Where and how the tasks of a process are done. */
export interface TaskProcessOptions {
  /** Name of the result store: a folder, or `s3://bucket/prefix`. */
  readonly store: string;
  /** Folder on this machine for runs and pictures. */
  readonly work: string;
  /** Name of the worker in results and progress. */
  readonly worker: string;
  /** The user's copy of the benchmark's pictures. */
  readonly pictures?: string;
  readonly device?: DeviceChoice;
  /** Cores that it computes with. @default all */
  readonly threads?: number;
  /** Models of the hub from the cache only. */
  readonly offline?: boolean;
}

/** To the process. */
export type TaskRequest =
  | { readonly type: 'open'; readonly options: TaskProcessOptions }
  | { readonly type: 'run'; readonly task: Task }
  | { readonly type: 'stop' };

/** From the process. */
export type TaskReply =
  | { readonly type: 'progress'; readonly progress: TaskProgress }
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
