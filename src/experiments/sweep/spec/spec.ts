/** @file What a sweep is: a small file that says what is compared, on which subjects, and how it is shown. */
import * as z from 'zod';
import { metrics } from '../../../metrics/summary.ts';

/** A value that a setting takes in a grid. */
const scalar = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type Scalar = z.output<typeof scalar>;

const settings = z.record(z.string(), z.unknown());

/**
 * Settings by path, each with the values it takes: `train.learningRate`, `draw.guidance`, `adapter.a1` (an option of the
 * method) or `shots`.
 */
const grid = z.record(z.string(), z.array(scalar).min(1));

const shots = z.number().int().positive().describe('how many of the pictures are trained on');

/** One of the things that are compared, or with `vary` several of a kind. */
const caseSchema = z.strictObject({
  name: z.string().min(1).describe('as the report calls it'),
  base: z
    .string()
    .min(1)
    .optional()
    .describe("another base model than the sweep's, which the method needs"),
  train: settings.optional().describe('settings of training, over those of the sweep'),
  draw: settings.optional().describe('settings of drawing, over those of the sweep'),
  shots: shots.optional(),
  vary: grid.optional().describe('every combination of these values'),
  adapted: z.literal(false).optional().describe('false: the base model as it is, untrained'),
  pictures: z
    .string()
    .optional()
    .describe('pictures of another tool: a folder by subject, in it one by prompt, 01, 02 ...'),
  paper: z
    .string()
    .min(1)
    .optional()
    .describe(
      'the row that stands beside: "LoRA-DreamBooth, rank=4", or "LoKr, factor={adapter.factor}" with what varies',
    ),
});

/** What a row of a sweep may be measured by. */
export const measures = [...metrics, 'driftClip', 'driftDino', 'parameters'] as const;
export type Measure = (typeof measures)[number];
const measure = z.enum(measures);

/** Measures of how well a subject is kept, which variants can be compared at equal values of. */
const fidelity = z.enum(['dino', 'clipI', 'clipT', 'clipTScene']);

/** A statement that the report computes. Cases are named as the report calls them. */
const claimSchema = z.strictObject({
  says: z.string().min(1).describe('the statement in words'),
  paper: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("number of the claim of the paper that it tests; without, it is the sweep's own"),
  metric: measure,
  at: fidelity
    .optional()
    .describe(
      'compares where both are equal in this: along the variants of each, that the report joins',
    ),
  across: z
    .enum(['mean', 'spread'])
    .optional()
    .describe(
      'compares the variants of each as a whole: their mean, or how far they spread, of which less is better',
    ),
  subjects: z.array(z.string()).min(1).optional().describe('of these alone; all where not given'),
  prompts: z
    .array(z.number().int().positive())
    .min(1)
    .optional()
    .describe('of these alone, by number; all where not given'),
  case: z.string().min(1).describe('what it says something of'),
  than: z
    .string()
    .min(1)
    .describe('what that is compared with; of the best, the case whose other variants it beats'),
  is: z
    .enum(['better', 'worse', 'not worse', 'alike', 'best'])
    .default('better')
    .describe('what it says; "not worse" and "alike" are within the margin'),
  margin: z
    .number()
    .positive()
    .default(0.02)
    .describe('how much worse is still not worse, how different still alike'),
});
export type Claim = z.output<typeof claimSchema>;

/** The first subjects and prompts that a figure of pictures shows where it does not say: of the sheet, and in the report. */
export const shownByDefault = { subjects: 2, prompts: 4 };

/** A picture of the results. */
const figureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('table') }),
  z.strictObject({
    kind: z.literal('curve'),
    x: z.string().describe('path of a varied setting'),
    series: z.string().optional().describe('path of another one: a line for each of its values'),
    scale: z.enum(['linear', 'log']).default('linear'),
    metrics: z.array(measure).min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('heat map'),
    x: z.string(),
    y: z.string(),
    metrics: z.array(measure).min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('scatter'),
    x: measure.default('clipT'),
    y: measure.default('dino'),
    along: z
      .string()
      .optional()
      .describe('path of a varied setting: the variants of a case are joined in its order'),
  }),
  z.strictObject({
    kind: z.literal('pictures'),
    subjects: z.array(z.string()).min(1).optional().describe('the first two where not given'),
    prompts: z
      .array(z.number().int().positive())
      .min(1)
      .optional()
      .describe('numbers of prompts from 1; the first four where not given'),
    cases: z.array(z.string()).min(1).optional().describe('all where not given'),
    across: z
      .string()
      .optional()
      .describe(
        'path of a varied setting: its values stand beside each other, in a grid by prompt',
      ),
  }),
]);
export type Figure = z.output<typeof figureSchema>;

/** A sweep file. */
export const sweepSchema = z.strictObject({
  title: z.string().min(1),
  item: z.string().optional().describe('what of the paper it runs again: "Figure 7"'),
  about: z.string().optional().describe('what is asked'),
  differs: z.string().optional().describe('in what it is not as the paper has it, and why'),
  base: z.string().default('pocket').describe('as for training'),
  benchmark: z
    .string()
    .default('pocket')
    .describe('"pocket", "dreambench", or a JSON file that lists subjects'),
  subjects: z
    .union([z.number().int().positive(), z.array(z.string()).min(1)])
    .optional()
    .describe('names, or how many of the first; all where not given'),
  prompts: z
    .union([
      z.number().int().positive(),
      z.array(z.union([z.string().min(1), z.number().int().positive()])).min(1),
    ])
    .optional()
    .describe(
      'numbers of the benchmark and templates of your own, or how many of the first; all if not given',
    ),
  seeds: z
    .array(z.number().int().nonnegative())
    .min(1)
    .default([0])
    .describe('of training; each is a repetition'),
  train: settings.default({}).describe('settings of training that all have: { steps: 300 }'),
  draw: settings
    .default({})
    .describe('settings of drawing that all have, with count, the pictures of each prompt'),
  shots: shots.optional(),
  vary: grid.default({}).describe('every combination of these values, of every case'),
  cases: z.array(caseSchema).min(1).optional().describe('what is compared, by name'),
  metrics: z
    .array(measure)
    .min(1)
    .default(['dino', 'clipI', 'clipT'])
    .describe('what the report shows; all metrics are measured. Only parameters: nothing is run'),
  drift: z.boolean().default(true).describe('also draw unrelated prompts'),
  clip: z.string().optional().describe('as for an evaluation'),
  dino: z.string().optional().describe('as for an evaluation'),
  paper: z.string().optional().describe('table of the paper whose numbers stand beside: "table3"'),
  show: z.array(figureSchema).default([{ kind: 'table' }]),
  claims: z.array(claimSchema).default([]),
});

export type SweepSpec = z.output<typeof sweepSchema>;
export type SweepCase = z.output<typeof caseSchema>;
export type Grid = z.output<typeof grid>;
