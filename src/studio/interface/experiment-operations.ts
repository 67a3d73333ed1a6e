/** @file Interface of Studio: sweeps and their reports. */
import type { Change, Look, WaitsFor } from './operation-shapes.ts';

export type SweepTaskState = 'waiting' | 'running' | 'done' | 'failed';

/** Where a worker is in a task. */
export interface SweepTaskProgress {
  readonly stage: 'training' | 'drawing' | 'scoring';
  readonly done: number;
  readonly total: number;
}

export interface SweepTask {
  readonly title: string;
  readonly state: SweepTaskState;
  readonly worker: string | undefined;
  /** Of one that is running and has said so. */
  readonly progress: SweepTaskProgress | undefined;
  readonly error: string | undefined;
}

/** What a sweep is doing, worked out of its folder and of who holds its lock. */
export type SweepState =
  /** Never begun. */
  | { readonly state: 'new' }
  /** Begins by itself when its device is free. */
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  /** Every task has its result. */
  | { readonly state: 'finished' }
  /** Told to stop; what is done is kept. */
  | { readonly state: 'stopped' }
  /** Every task was tried, and some failed. */
  | { readonly state: 'incomplete' }
  /** It could not begin. */
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  /** Its process is gone without a word. */
  | { readonly state: 'ended unexpectedly' };

export interface SweepSummary {
  readonly id: string;
  /** What it asks, as its file says. */
  readonly title: string;
  readonly state: SweepState;
  readonly done: number;
  /** Tasks; 0 until it was first begun. */
  readonly total: number;
  readonly failed: number;
  readonly secondsLeft: number | undefined;
  /** Whether a report lies at `/reports/ID/`. */
  readonly hasReport: boolean;
  /** Milliseconds since 1970 began, of its last sign of life. */
  readonly changed: number;
}

export interface SweepDetail extends SweepSummary {
  /** Its file, YAML, as it was typed. */
  readonly source: string;
  readonly tasks: readonly SweepTask[];
  /** Of one that waits, what has its device. */
  readonly waitsFor: WaitsFor | undefined;
  /** As it was last begun. */
  readonly workers: number | undefined;
  /** What its process says, the newest last. */
  readonly log: readonly string[];
  /** Changes with every new report. */
  readonly reportVersion: number | undefined;
  /** Why the last report could not be written, as far as this server knows. */
  readonly reportProblem: string | undefined;
}

/** Something that keeps a sweep from beginning. */
export interface SweepProblem {
  readonly message: string;
  /** In its file, from 1, where it can be told. */
  readonly line: number | undefined;
}

/** What a sweep would be; everything but the problems is of one without any. */
export interface SweepCheck {
  readonly problems: readonly SweepProblem[];
  /** Undefined where there are problems. */
  readonly plan: SweepFigures | undefined;
}

export interface SweepFigures {
  readonly tasks: number;
  readonly trainings: number;
  readonly steps: number;
  readonly pictures: number;
  readonly subjects: readonly string[];
  readonly variants: readonly { readonly name: string; readonly parameters: number | undefined }[];
  /** On this machine; undefined where nothing is drawn. */
  readonly seconds: number | undefined;
  /** Of the largest step. */
  readonly memoryBytes: number | undefined;
  readonly diskBytes: number | undefined;
  /** Variants whose step does not fit this machine. */
  readonly tooLarge: readonly string[];
}

/** A sweep that came with the package. */
export interface BundledSweep {
  /** `fig7.pocket` */
  readonly name: string;
  readonly title: string;
  /** What of the paper it runs again: "Figure 7". */
  readonly item: string | undefined;
  readonly base: string;
  /** As it would be typed. */
  readonly source: string;
}

export interface ExperimentOperations {
  readonly 'sweeps.list': Look<Record<never, never>, readonly SweepSummary[]>;
  readonly 'sweeps.get': Look<{ readonly id: string }, SweepDetail>;
  readonly 'sweeps.bundled': Look<Record<never, never>, readonly BundledSweep[]>;
  /** Checks a file and says how much it is, without keeping it. Subjects of data sets are `images: dataset:ID`. */
  readonly 'sweeps.check': Look<{ readonly source: string }, SweepCheck>;
  /** Keeps a file that has no problems; the sweep waits to be started. */
  readonly 'sweeps.create': Change<{ readonly source: string }, SweepSummary>;
  /** Begins, or goes on with what has no result; where its device computes something else, once that has ended. */
  readonly 'sweeps.start': Change<
    { readonly id: string; readonly workers: number; readonly device?: string },
    SweepSummary
  >;
  /** Answers when its processes are gone, or when it waits no more; what is done is kept. Asked again meanwhile, it ends at once. */
  readonly 'sweeps.stop': Change<{ readonly id: string }, SweepSummary>;
  /** Writes the report of what there is so far. */
  readonly 'sweeps.report': Change<{ readonly id: string }, SweepSummary>;
  /** Of one that nobody carries out: its folder is removed. */
  readonly 'sweeps.remove': Change<{ readonly id: string }, null>;
}
