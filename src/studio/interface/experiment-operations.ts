/** @file Interface of Studio: sweeps and their reports. */
import type { Change, Look } from './operation-shapes.ts';

export type SweepTaskState = 'waiting' | 'running' | 'done' | 'failed';

export interface SweepTask {
  readonly title: string;
  readonly state: SweepTaskState;
  readonly worker: string | undefined;
  /** 0 to 1, of one that is running. */
  readonly progress: number | undefined;
  readonly error: string | undefined;
}

export interface SweepSummary {
  readonly id: string;
  readonly name: string;
  /** What it asks, as its file says. */
  readonly title: string;
  readonly isRunning: boolean;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly secondsLeft: number | undefined;
  /** Whether a report lies at `/reports/ID/`. */
  readonly hasReport: boolean;
}

export interface SweepDetail extends SweepSummary {
  /** Its file, YAML. */
  readonly source: string;
  readonly tasks: readonly SweepTask[];
  readonly workers: number;
  readonly log: readonly string[];
}

export interface ExperimentOperations {
  readonly 'sweeps.list': Look<Record<never, never>, readonly SweepSummary[]>;
  readonly 'sweeps.get': Look<{ readonly id: string }, SweepDetail>;
  /** Checks the file and says how much it is, without keeping it. */
  readonly 'sweeps.check': Look<
    { readonly source: string },
    { readonly tasks: number; readonly problems: readonly string[] }
  >;
  readonly 'sweeps.create': Change<
    { readonly name: string; readonly source: string },
    SweepSummary
  >;
  readonly 'sweeps.start': Change<{ readonly id: string; readonly workers: number }, SweepSummary>;
  /** Answers when its processes are gone; what is done is kept. */
  readonly 'sweeps.stop': Change<{ readonly id: string }, SweepSummary>;
  /** Writes the report of what there is so far. */
  readonly 'sweeps.report': Change<{ readonly id: string }, SweepSummary>;
  readonly 'sweeps.remove': Change<{ readonly id: string }, null>;
}
