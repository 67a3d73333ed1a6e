/** @file The work of a sweep, as a worker anywhere is told it: plain values without a path of this machine. */
import type { EvaluationPrompt, SubjectType } from '../../../metrics/prompts.ts';

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

/** A training and everything that is drawn with it: what one worker does in one go. */
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
