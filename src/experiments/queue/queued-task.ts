/** @file What lies in the queue: a task, where its worker is in it, and who did it; checked, because anyone may have written it. */
import * as z from 'zod';
import { DataError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { subjectTypes } from '../../metrics/prompts.ts';
import { createHash } from '../../platform/hashes.ts';
import { isPathName, pathNameRule } from '../../storage/files/path-inside.ts';
import { mostCells, mostPictures, mostPrompts } from '../sweep/spec/limits.ts';
import type { Task, TaskProgress } from '../sweep/work/worker-protocol.ts';

const settings = z.record(z.string(), z.unknown());
/** Names files on the worker's disk, so it must not lead elsewhere. */
const key = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'expected letters and digits');
const text = z.string().max(10_000);
const name = text.min(1);

const subjectSchema = z.strictObject({
  benchmark: name,
  // It names folders too.
  name: z.string().refine(isPathName, `expected ${pathNameRule}`),
  className: name,
  type: z.enum(subjectTypes),
  phrase: name,
  fingerprint: key,
});

const trainingSchema = z.strictObject({
  key,
  shots: z.number().int().positive().exactOptional(),
  settings,
});

const scoringSchema = z.strictObject({
  key,
  settings,
  seeds: z.array(z.number().int().nonnegative()).min(1).max(mostPictures),
  prompts: z
    .array(z.strictObject({ typed: text, plain: text }))
    .min(1)
    .max(mostPrompts),
  unrelated: z.array(text).max(mostPrompts),
  pictures: name.exactOptional(),
});

/** Strict: a worker that overlooked a field of a newer version would find other results. */
const taskSchema: z.ZodType<Task> = z.strictObject({
  key,
  title: text,
  base: name,
  subject: subjectSchema,
  training: trainingSchema.exactOptional(),
  scorings: z.array(scoringSchema).min(1).max(mostCells),
  clip: name.exactOptional(),
  dino: name.exactOptional(),
});

const jobSchema = z.object({ task: taskSchema });

/** What the queue is given of a task. */
export const jobOf = (task: Task): z.input<typeof jobSchema> => ({ task });

/** The task of a job; undefined where it is none, or one of another version. */
export function readTask(job: unknown): Task | undefined {
  return jobSchema.safeParse(job).data?.task;
}

/**
 * The task of a job.
 *
 * @throws DataError TASK_UNKNOWN
 */
export function requireTask(job: unknown): Task {
  const parsed = jobSchema.safeParse(job);
  if (parsed.success) return parsed.data.task;
  throw new DataError(
    'TASK_UNKNOWN',
    `this worker does not understand the task: ${schemaProblems(jobSchema, job, parsed.error)}; run the sweep and its workers with the same version`,
  );
}

/**
 * A job's name in the queue: the same for the same results, so that a sweep that is started again finds its tasks.
 * A task that lacks other results has another name. BullMQ wants neither a whole number nor a colon.
 */
export function jobNameOf(task: Task): string {
  const keys = JSON.stringify(task.scorings.map(({ key }) => key));
  return `task-${createHash('sha256').update(keys).digest('hex').slice(0, 32)}`;
}

/** What a worker says while it works. */
export interface WorkerReport {
  readonly worker: string;
  /** Absent: it has begun. */
  readonly progress?: TaskProgress;
}

const reportSchema: z.ZodType<WorkerReport> = z.object({
  worker: z.string(),
  progress: z
    .object({
      stage: z.enum(['training', 'drawing', 'scoring']),
      done: z.number(),
      total: z.number(),
    })
    .exactOptional(),
});

/** A worker's report; undefined for anything else. */
export function reportOf(value: unknown): WorkerReport | undefined {
  return reportSchema.safeParse(value).data;
}
