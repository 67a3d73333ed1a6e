/** @file What a search for a learning rate may be told: what is trained, as a training is told it, and which rates are tried. */
import * as z from 'zod';
import { shown } from '../../base/settings/setting-place.ts';
import { type TrainOptions, trainSchema } from '../train-options.ts';

const rate = z.number().positive().max(1000);

/** What is tried. */
export const searchFields = {
  steps: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(60)
    .describe('rates to try, one a step, each larger than the last by the same factor')
    .meta(shown('training', 'simple')),
  lowest: rate.default(1e-5).describe('the first rate').meta(shown('training', 'simple')),
  highest: rate.default(1).describe('the last rate').meta(shown('training', 'simple')),
  samples: z
    .number()
    .int()
    .positive()
    .max(1000)
    .default(8)
    .describe('noisy pictures, always the same, that the loss is measured on after every step')
    .meta(shown('training', 'more')),
  out: z
    .string()
    .min(1)
    .optional()
    .describe('picture of the curve to write, .svg')
    .meta({ placeholder: 'file' })
    .meta(shown('machine', 'all')),
};

/** Settings of a training that a search has no use for. */
const unused = {
  steps: true,
  learningRate: true,
  unetLearningRate: true,
  textEncoderLearningRate: true,
  siteLearningRates: true,
  schedule: true,
  warmupSteps: true,
  scheduleCycles: true,
  schedulePower: true,
  scheduleEnd: true,
  scheduleRules: true,
  emaDecay: true,
  emaPower: true,
  checkpointEvery: true,
  keepCheckpoints: true,
  validationEvery: true,
  sampleEvery: true,
  samplePrompt: true,
  tensorboard: true,
  wandb: true,
  priorCount: true,
  out: true,
} as const;

export const findRateSchema = trainSchema.omit(unused).extend(searchFields);

/** What to search for; images and subject are needed. */
export type FindRateOptions = Omit<TrainOptions, keyof typeof unused> & {
  /** Rates to try, one a step. @default 60 */
  readonly steps?: number | undefined;
  /** The first rate. @default 1e-5 */
  readonly lowest?: number | undefined;
  /** The last rate. @default 1 */
  readonly highest?: number | undefined;
  /** Noisy pictures, always the same, that the loss is measured on after every step. @default 8 */
  readonly samples?: number | undefined;
  /** Picture of the curve to write: a new .svg. @default none is written */
  readonly out?: string | undefined;
};
