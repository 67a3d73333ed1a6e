/** @file What whoever has the tasks of a sweep and whoever does them say to each other, through calls, processes or queues. */
import type { EvaluationPrompt, SubjectType } from '../../../metrics/prompts.ts';
import type { DeviceChoice } from '../../../runtime/index.ts';

/** A subject of a benchmark, found by name where the work is done. */
export interface TaskSubject {
  readonly benchmark: string;
  readonly name: string;
  readonly className: string;
  readonly type: SubjectType;
  readonly phrase: string;
  /** Of the bytes of its real pictures: a worker with other ones refuses. */
  readonly fingerprint: string;
}

/** One training. */
export interface TrainingTask {
  /** Hash of all that decides the adapter. */
  readonly key: string;
  /** How many of the subject's pictures are trained on; all where not given. */
  readonly shots?: number;
  /** Complete settings of training but for `images`, `subject`, `class`, `base` and `out`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Pictures that are drawn, or were by another tool, and scored. */
export interface ScoringTask {
  /** Hash of all that decides the scores; the name of the result. */
  readonly key: string;
  /** Settings of drawing, as for `krona generate`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** One picture of every prompt for each. */
  readonly seeds: readonly number[];
  readonly prompts: readonly EvaluationPrompt[];
  /** Prompts without the subject, to see what the adapter breaks. */
  readonly unrelated: readonly string[];
  /** Pictures of another tool, that are only scored: a folder on the machine that began the sweep. */
  readonly pictures?: string;
}

/**
 * A training and everything that is drawn with it: what one worker does in one go. Plain values without a path of this
 * machine, so that a worker anywhere can be told them.
 */
export interface Task {
  /** Of its first scoring. */
  readonly key: string;
  /** What people read: "KronA (8, 16), teapot, seed 0". */
  readonly title: string;
  readonly base: string;
  readonly subject: TaskSubject;
  /** Absent: the base model as it is, or pictures of another tool. */
  readonly training?: TrainingTask;
  readonly scorings: readonly ScoringTask[];
  readonly clip?: string;
  readonly dino?: string;
}

/** Where a worker is in a task. */
export interface TaskProgress {
  readonly stage: 'training' | 'drawing' | 'scoring';
  readonly done: number;
  readonly total: number;
}

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

/** To a process that carries out tasks. */
export type TaskRequest =
  | { readonly type: 'open'; readonly options: TaskProcessOptions }
  | { readonly type: 'run'; readonly task: Task }
  | { readonly type: 'stop' };

/** From such a process. */
export type TaskReply =
  | { readonly type: 'progress'; readonly progress: TaskProgress }
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
