/** @file The results of a sweep in one file, which reports are made of: fig7.pocket.json, its pictures beside it. */
import * as z from 'zod';
import { subjectTypes } from '../../../metrics/prompts.ts';
import { sweepSchema } from '../spec/spec.ts';
import { costSchema, usedSettings } from '../work/task-result.ts';

const scores = z.record(z.string(), z.number());

/** One of the things that were compared. */
const variantSchema = z.strictObject({
  /** Unique: the case's name, and the values of what varies: "KronA, a1 4, a2 64". */
  name: z.string(),
  /** The name of its case. */
  case: z.string(),
  /** What varies, by path: `adapter.a1`. */
  factors: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  ),
  parameters: z.number().int().nonnegative().optional(),
  /** Complete settings of training and drawing, as they were used. */
  settings: usedSettings,
});

/** A variant on a subject with a seed. */
const cellSchema = z.strictObject({
  key: z.string(),
  /** Position in `variants`. */
  variant: z.number().int().nonnegative(),
  subject: z.string(),
  seed: z.number().int().nonnegative(),
  /** By prompt, in the order of the subject's templates: means over its pictures. */
  prompts: z.array(scores),
  /** Means of `driftClip` and `driftDino` over unrelated prompts; absent where none were drawn. */
  drift: scores.optional(),
  cost: costSchema,
});

/** A picture of the report, cut out of the sheet of thumbnails. */
const pictureSchema = z.strictObject({
  key: z.string(),
  variant: z.number().int().nonnegative(),
  subject: z.string(),
  /** From 1, as in the benchmark's list. */
  prompt: z.number().int().positive(),
  /** Of training, and of the picture. */
  seed: z.number().int().nonnegative(),
  drawSeed: z.number().int().nonnegative(),
});

const subjectSchema = z.strictObject({
  name: z.string(),
  className: z.string(),
  phrase: z.string(),
  type: z.enum(subjectTypes),
  /** Templates in order, each with its number in the benchmark's list. */
  prompts: z.array(z.strictObject({ number: z.number().int().positive(), template: z.string() })),
  /** Of the real pictures among themselves: about the best that can be reached. */
  real: scores,
});

export const resultsSchema = z.strictObject({
  version: z.literal('1'),
  /** Of the spec's file, without its ending: "fig7.pocket". */
  name: z.string(),
  /** Complete. */
  spec: sweepSchema,
  encoders: z.strictObject({ clip: z.string(), dino: z.string() }).optional(),
  subjects: z.array(subjectSchema),
  variants: z.array(variantSchema),
  /** In the order of variants, subjects, seeds. */
  cells: z.array(cellSchema),
  /** Tasks that have no result yet, or failed. */
  missing: z.array(z.strictObject({ cell: z.string(), reason: z.string() })),
  /** Thumbnails in reading order of one sheet, NAME.webp, all of one size; real pictures of each subject first. */
  sheet: z
    .strictObject({
      columns: z.number().int().positive(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      real: z.array(z.strictObject({ subject: z.string(), number: z.number().int() })),
      pictures: z.array(pictureSchema),
    })
    .optional(),
});

export type SweepResults = z.output<typeof resultsSchema>;
export type ResultVariant = z.output<typeof variantSchema>;
export type ResultCell = z.output<typeof cellSchema>;
export type ResultPicture = z.output<typeof pictureSchema>;
