/** @file What a task found, as it lies in a store and in the results of a sweep. */
import * as z from 'zod';

const scores = z.record(z.string(), z.number());
/** By name of the measure. */
export type Scores = Readonly<z.output<typeof scores>>;

const rows = z.array(z.strictObject({ prompt: z.string(), scores }));
const settings = z.record(z.string(), z.unknown());

/** Complete settings of training and drawing, as they were used. */
export const usedSettings = z.strictObject({
  train: settings.optional(),
  draw: settings.optional(),
});

/** What it took; of a training that several scorings share, the whole each time. */
export const costSchema = z.strictObject({
  worker: z.string(),
  device: z.string(),
  trainSeconds: z.number().optional(),
  /** Median. */
  stepSeconds: z.number().optional(),
  drawSeconds: z.number().optional(),
  pictures: z.number().int(),
  /** Largest resident memory of the process until then. */
  memoryBytes: z.number(),
});

/** Everything but `cost` is the same wherever and whenever it is done. */
export const taskResultSchema = z.strictObject({
  version: z.literal('1'),
  key: z.string(),
  /** Trained parameters; 0 of the base model; absent for pictures of other tools. */
  parameters: z.number().int().optional(),
  /** Means over the pictures of each prompt, in the order of the task's. */
  prompts: rows,
  /** Cosine of unrelated pictures with and without the adapter: `driftClip`, `driftDino`. */
  drift: rows,
  /** Of the subject's real pictures among themselves: `clipI`, `dino`. */
  real: scores,
  encoders: z.strictObject({ clip: z.string(), dino: z.string() }),
  settings: usedSettings,
  cost: costSchema,
});

export type TaskResult = z.output<typeof taskResultSchema>;
