/** @file What was measured, as it is kept beside docs/performance.md, whose text is made of it alone. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';

const seconds = z.number().positive();
const bytes = z.number().nullable();

/** The same work done by both, one right after the other. */
const pairSchema = z.object({ own: seconds, other: seconds });

/** Where and of what a part was measured. */
const setupSchema = z.object({
  /** Day, ISO 8601. */
  date: z.iso.date(),
  commit: z.string(),
  processor: z.string(),
  threads: z.number().int(),
  memoryBytes: z.number(),
  node: z.string(),
  onnxruntime: z.string(),
  /** Title of its family. */
  base: z.string(),
});

const peaks = z.object({ own: bytes, other: bytes });

const againstPytorch = z.object({
  setup: setupSchema,
  /** Side of the pictures in pixels. */
  resolution: z.number(),
  flops: z.number(),
  /** Rate of one large product, measured before: operations a second. */
  productRate: z.number(),
  version: z.string(),
  /** Seconds of one step of each rendering. */
  tried: z.record(z.string(), seconds),
  compared: z.array(
    z.object({
      precision: z.string(),
      rendering: z.string(),
      pairs: z.array(pairSchema).min(1),
      peakBytes: peaks,
    }),
  ),
});

const againstStableDiffusionCpp = z.object({
  setup: setupSchema,
  resolution: z.number(),
  steps: z.number(),
  version: z.string(),
  /** Seconds of a step and of decoding by flags. */
  tried: z.record(z.string(), z.object({ step: seconds, decoding: seconds })),
  rendering: z.string(),
  step: z.array(pairSchema).min(1),
  decoding: z.array(pairSchema).min(1),
  /** From the command to the file. */
  whole: z.array(pairSchema).min(1),
  peakBytes: peaks,
});

/** Seconds by what is done, in its order, of every time. */
const phases = z.array(z.object({ name: z.string(), seconds: z.array(z.number().nonnegative()) }));

const startSchema = z.object({
  setup: setupSchema,
  resolution: z.number(),
  pictures: z.number(),
  phases,
  /** Of the first phase, in another process. */
  opening: phases,
});

/** Steps beside the first point of their curve, in turns. */
const curveSchema = z.object({
  setup: setupSchema,
  resolution: z.number(),
  points: z
    .array(
      z.object({
        name: z.string(),
        x: z.number(),
        /** `own` is the point, `other` the first one; the first has itself for both. */
        pairs: z.array(pairSchema).min(1),
        peakBytes: bytes,
        flops: z.number(),
        parameters: z.number(),
      }),
    )
    .min(1),
});

const measurementsSchema = z.object({
  step: againstPytorch.optional(),
  draw: againstStableDiffusionCpp.optional(),
  start: startSchema.optional(),
  batch: curveSchema.optional(),
  tokens: curveSchema.optional(),
  sites: curveSchema.optional(),
  factors: curveSchema.optional(),
  memory: curveSchema.optional(),
});

export type Pair = z.output<typeof pairSchema>;
export type Setup = z.output<typeof setupSchema>;
export type Curve = z.output<typeof curveSchema>;
export type Measurements = z.output<typeof measurementsSchema>;
export type PartName = keyof Measurements;

/** The parts, in the order in which they are measured. */
export const partNames = measurementsSchema.keyof().options;

/** The parts that are curves of growing cost. */
export const curveNames = ['batch', 'tokens', 'sites', 'factors', 'memory'] as const;
export type CurveName = (typeof curveNames)[number];

/** What a file holds; nothing where there is none. */
export async function readMeasurements(path: string): Promise<Measurements> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return measurementsSchema.parse(JSON.parse(text));
}

export async function writeMeasurements(path: string, measured: Measurements): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(measurementsSchema.parse(measured), null, 1)}\n`);
}
