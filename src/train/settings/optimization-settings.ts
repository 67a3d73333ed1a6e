/** @file Settings of how gradients become steps: the optimiser, learning rates and their schedule, the average of the adapter. */
import * as z from 'zod';
import { adapters } from '../../adapters/index.ts';
import { shown } from '../../base/settings/setting-place.ts';
import { type LearningRateName, learningRateShapes } from '../../optim/learning-rate.ts';
import { type OptimizerName, optimizers } from '../../optim/optimizers.ts';

const positive = z.number().int().positive();
/** Of a part or of some sites. */
const ownRate = z.number().nonnegative();
const optimizerNames = Object.keys(optimizers) as OptimizerName[];
const scheduleNames = Object.keys(learningRateShapes) as LearningRateName[];

/** `krona 0.0005, lora 0.0001` */
function learningRates(): string {
  return Object.values(adapters)
    .flatMap(({ name, defaults: { learningRate } }) =>
      learningRate === undefined ? [] : [`${name} ${learningRate}`],
    )
    .join(', ');
}

export const optimizationSettings = {
  optimizer: z
    .enum(optimizerNames)
    .default('adamw')
    .describe(
      'rule that turns gradients into steps; adafactor needs the least memory, prodigy no learning rate',
    )
    .meta(shown('optimizer', 'more')),
  learningRate: z
    .number()
    .positive()
    .default(5e-4)
    .describe(
      `largest learning rate; where none is given, methods have their own (${learningRates()}), lion takes a fifth, prodigy 1 (a factor of what it finds)`,
    )
    .meta(shown('training', 'more')),
  unetLearningRate: ownRate
    .optional()
    .describe('learning rate of the UNet, in place of the common one; 0: it is not trained')
    .meta(shown('training', 'all')),
  textEncoderLearningRate: ownRate
    .optional()
    .describe('learning rate of the text encoders, in place of the common one; 0: not trained')
    .meta(shown('training', 'all')),
  siteLearningRates: z
    .record(z.string(), ownRate)
    .default({})
    .describe('learning rates of sites, by pattern, before those of parts; the last match wins')
    .meta({ placeholder: 'pattern=x...' })
    .meta(shown('training', 'all')),
  schedule: z
    .enum(scheduleNames)
    .default('constant')
    .describe('learning rate over the steps, after the warm-up')
    .meta(shown('training', 'more')),
  warmupSteps: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('steps of linear warm-up')
    .meta(shown('training', 'more')),
  scheduleCycles: positive
    .default(1)
    .describe('falls of the schedule cosine-with-restarts')
    .meta(shown('training', 'all')),
  schedulePower: z
    .number()
    .positive()
    .default(1)
    .describe('exponent of the schedule polynomial')
    .meta(shown('training', 'all')),
  scheduleEnd: z
    .number()
    .nonnegative()
    .default(1e-7)
    .describe('learning rate at the end of the schedule polynomial')
    .meta(shown('training', 'all')),
  scheduleRules: z
    .string()
    .default('1')
    .describe(
      'schedule piecewise: factors, each with the step it ends before, "1:100,0.1:200,0.01"',
    )
    .meta(shown('training', 'all')),
  weightDecay: z
    .number()
    .nonnegative()
    .default(0.01)
    .describe(
      'weight decay, decoupled but for sgd; where none is given, lion takes five times as much',
    )
    .meta(shown('optimizer', 'all')),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe('first moment decay of AdamW, lion and prodigy; momentum of sgd')
    .meta(shown('optimizer', 'all')),
  beta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe('second moment decay of AdamW and prodigy; of lion the momentum, 0.99 if not given')
    .meta(shown('optimizer', 'all')),
  epsilon: z
    .number()
    .positive()
    .default(1e-8)
    .describe('AdamW and prodigy epsilon')
    .meta(shown('optimizer', 'all')),
  prodigyDistance: z
    .number()
    .positive()
    .default(1e-6)
    .describe('what prodigy first takes for the distance to the solution')
    .meta(shown('optimizer', 'all')),
  prodigyGrowth: z
    .number()
    .gt(1)
    .optional()
    .describe('largest factor by which this distance grows in a step; 1.02 is a gentle start')
    .meta(shown('optimizer', 'all')),
  clipNorm: z
    .number()
    .positive()
    .default(1)
    .describe('largest norm of all gradients together')
    .meta(shown('optimizer', 'all')),
  emaDecay: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('the adapter becomes its moving average over the steps; 0.999 is usual')
    .meta(shown('training', 'all')),
  emaPower: z
    .number()
    .positive()
    .optional()
    .describe('the average forgets its beginnings by 1 - (1 + step)^-power; 0.75 is usual')
    .meta(shown('training', 'all')),
};
