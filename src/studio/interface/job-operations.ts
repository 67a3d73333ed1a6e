/** @file Interface of Studio: the queue of trainings. It lies in the work folder and outlives every process. */
import type { Change, Failure, Look, Settings } from './operation-shapes.ts';

/** What to do. Settings are frozen when the job is added. */
export type JobRequest =
  | {
      readonly kind: 'train';
      /** Of training, without `images` and `out`. */
      readonly settings: Settings;
      /** Data set to learn from. */
      readonly dataset: string;
      /** Of the run; a free one is found where not given. */
      readonly name?: string;
      /** Prompts to draw four pictures of when it has finished; the usual ones where not given, none where empty. */
      readonly thenDraw?: readonly string[];
    }
  | {
      readonly kind: 'resume';
      readonly run: string;
      /** To prolong it: the new whole number of steps. */
      readonly steps?: number;
    };

export type JobState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  /** It was stopped, or was running when everything ended; it waits for a person. */
  | { readonly state: 'held' }
  | { readonly state: 'done' }
  | ({ readonly state: 'failed' } & Failure);

export type Job = JobState & {
  readonly id: string;
  readonly request: JobRequest;
  /** Its run; undefined until it has begun. */
  readonly run: string | undefined;
  /** Words for people: "dog, krona, 500 steps". */
  readonly title: string;
};

export interface JobOperations {
  readonly 'jobs.list': Look<Record<never, never>, readonly Job[]>;
  readonly 'jobs.add': Change<JobRequest, Job>;
  /** Before another one; at the end where that is null. */
  readonly 'jobs.move': Change<{ readonly id: string; readonly before: string | null }, null>;
  /** Of one that waits, is held, failed, is done, or has no run yet. One that has is stopped by its run. */
  readonly 'jobs.remove': Change<{ readonly id: string }, null>;
  /** Lets one that is held or failed wait again; its run goes on where it is. */
  readonly 'jobs.retry': Change<{ readonly id: string }, null>;
}
