/** @file Everything that decides a training run. One schema is the type, the strict parser, the flags and the help. */
import * as z from 'zod';
import { adapters } from '../adapters/index.ts';
import { seedRange } from '../base/numbers/seeds.ts';
import { shown } from '../base/settings/setting-place.ts';
import { promptSyntaxes } from '../data/prompts/prompt-syntax.ts';
import { predictionTypes } from '../diffusion/scheduler-config.ts';
import { mostSkip } from '../pipeline/base/clip-skip.ts';
import { basePrecisionSetting } from '../pipeline/precision/base-precision.ts';
import { deviceChoices } from '../runtime/index.ts';
import { conceptSchema } from './settings/concept-settings.ts';
import { lossSettings } from './settings/loss-settings.ts';
import { maskSettings } from './settings/mask-settings.ts';
import { optimizationSettings } from './settings/optimization-settings.ts';
import { saysMemory } from './settings/step-room.ts';
import { variationSettings } from './settings/variation-settings.ts';

const positive = z.number().int().positive();
/** Pictures of a batch: far above what any machine holds, and low enough to be reckoned with. */
const largestBatch = 65_536;

/** What `krona train` may be told. Keys without a default take the base model's recommendation, then ours. */
export const trainSchema = z.strictObject({
  base: z
    .string()
    .default('pocket')
    .describe('"pocket", a model folder or file, or owner/name[@revision][:fp16] of the hub')
    .meta({ placeholder: 'base' })
    .meta(shown('model', 'simple')),
  prediction: z
    .enum(predictionTypes)
    .optional()
    .describe('what the UNet of a single-file base predicts, where it is not recognised rightly')
    .meta(shown('model', 'all')),
  ema: z
    .boolean()
    .optional()
    .describe('of a single-file base that holds it, the average of the UNet over its training')
    .meta(shown('model', 'all')),
  images: z
    .string()
    .min(1)
    .describe('folder with 3 to 6 pictures of the subject, or pocket/NAME: bundled ones')
    .meta({ placeholder: 'dir' })
    .meta(shown('subject', 'simple')),
  subject: z
    .string()
    .describe('a rare word and the class: "sks dog"')
    .meta(shown('subject', 'simple')),
  class: z
    .string()
    .optional()
    .describe('the class word, where it is not the end of the subject')
    .meta(shown('subject', 'more')),
  prompt: z
    .string()
    .default('a {subject}')
    .describe('training prompt; {subject} is replaced')
    .meta(shown('subject', 'more')),
  captions: z
    .boolean()
    .default(false)
    .describe('texts beside the pictures, dog1.txt for dog1.jpg, take the place of the prompt')
    .meta(shown('subject', 'more')),
  promptSyntax: z
    .enum(promptSyntaxes)
    .default('plain')
    .describe(
      'of prompt and captions: plain takes every character as it is, and cuts what is too long; a1111 reads weights and BREAK as A1111 does, and texts of any length',
    )
    .meta(shown('subject', 'all')),
  clipSkip: z
    .number()
    .int()
    .positive()
    .max(mostSkip)
    .default(1)
    .describe(
      'layer of the text encoder that the model is told, counted from the last, as A1111 counts',
    )
    .meta(shown('subject', 'all')),
  repeats: positive
    .max(10_000)
    .default(1)
    .describe('how often an epoch shows a picture; a folder named 10_dog says it itself')
    .meta(shown('subject', 'more')),
  concept: z
    .array(conceptSchema)
    .min(1)
    .optional()
    .describe(
      'further subject, learned in the same run, of pictures of its own; what it does not say is as of the run; one a flag',
    )
    .meta({ placeholder: 'images=dir,subject=text,...' })
    .meta(shown('subject', 'all')),
  adapter: z
    .string()
    .default('krona')
    .describe(`method: ${Object.keys(adapters).join(', ')}`)
    .meta({ placeholder: 'name' })
    .meta(shown('method', 'simple')),
  adapterOptions: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('options of the method, such as { "a1": 4, "a2": 64 }')
    .meta(shown('method', 'more')),
  targets: z
    .array(z.string())
    .min(1)
    .default(['attention'])
    .describe('sites to adapt: attention, attention+feed-forward, or patterns')
    .meta({ placeholder: 'pattern...' })
    .meta(shown('method', 'more')),
  init: z
    .string()
    .optional()
    .describe(
      'adapter to go on from, of krona or any other tool: it brings its method, options and sites',
    )
    .meta({ placeholder: 'file' })
    .meta(shown('method', 'more')),
  newToken: z
    .boolean()
    .default(false)
    .describe('teach the rare word itself too, as a new word of the text encoders; write it <dog>')
    .meta(shown('method', 'more')),
  tokenVectors: positive
    .max(1000)
    .default(1)
    .describe('vectors that the new word stands for')
    .meta(shown('method', 'all')),
  wordFrom: z
    .enum(['word', 'pictures'])
    .default('word')
    .describe(
      'what the new word starts as: the vectors of initialWord, or pictures: what a BLIP-Diffusion base sees in those of the subject',
    )
    .meta(shown('method', 'all')),
  initialWord: z
    .string()
    .optional()
    .describe('word whose vectors the new one starts from; the class where not given')
    .meta(shown('method', 'all')),
  steps: positive.default(500).describe('optimiser steps').meta(shown('training', 'simple')),
  batchSize: positive
    .max(largestBatch)
    .default(1)
    .describe('pictures per gradient')
    .meta(shown('training', 'more')),
  accumulate: positive
    .max(largestBatch)
    .default(1)
    .describe('gradients summed per optimiser step')
    .meta(shown('training', 'all')),
  ...optimizationSettings,
  resolution: positive
    .max(131_072)
    .multipleOf(8)
    .optional()
    .describe('side of the training pictures, in pixels; that of the base model by default')
    .meta(shown('pictures', 'simple')),
  buckets: z
    .boolean()
    .default(false)
    .describe('pictures keep their proportions: each is cut to the nearest of several sizes')
    .meta(shown('pictures', 'more')),
  bucketStep: positive
    .max(131_072)
    .multipleOf(8)
    .optional()
    .describe('what the sides of these sizes are multiples of, in pixels; 64 is usual')
    .meta(shown('pictures', 'all')),
  ...variationSettings,
  ...maskSettings,
  ...lossSettings,
  seed: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe(`decides every random choice of the run, ${seedRange}`)
    .meta(shown('training', 'more')),
  checkpointEvery: positive
    .default(100)
    .describe('steps between checkpoints')
    .meta(shown('previews', 'more')),
  keepCheckpoints: positive
    .default(2)
    .describe('checkpoints kept; the adapter at each stays')
    .meta(shown('previews', 'all')),
  validationImages: z
    .string()
    .min(1)
    .optional()
    .describe('folder with other pictures of the subject, to measure the loss on and never train')
    .meta({ placeholder: 'dir' })
    .meta(shown('previews', 'all')),
  validationEvery: positive
    .default(100)
    .describe('steps between these measurements; also at the start and the end')
    .meta(shown('previews', 'all')),
  sampleEvery: positive
    .optional()
    .describe('steps between preview pictures')
    .meta(shown('previews', 'simple')),
  samplePrompt: z
    .array(z.string().min(1))
    .min(1)
    .default(['a {subject}'])
    // A prompt may hold commas: on the command line each has a flag of its own.
    .meta({ keepsCommas: true, description: 'prompts of the preview pictures, one a flag' })
    .meta(shown('previews', 'more')),
  tensorboard: z
    .boolean()
    .default(false)
    .describe('also write loss, learning rate and gradient norm for TensorBoard')
    .meta(shown('previews', 'all')),
  wandb: z
    .boolean()
    .default(false)
    .describe(
      'also write settings, losses, rates and previews for Weights & Biases, to be uploaded later',
    )
    .meta(shown('previews', 'all')),
  memory: z
    .string()
    .refine(saysMemory, 'expected a size such as 8GB or 500MB, or auto')
    .optional()
    .meta({
      expects: 'a size such as 8GB, 500MB or 2GiB',
      description:
        'resident memory to stay within, such as 8GB or auto; steps are cut into segments for it',
    })
    .meta(shown('machine', 'more')),
  basePrecision: basePrecisionSetting,
  device: z
    .enum(deviceChoices)
    .default('cpu')
    .describe('where to compute: cpu, webgpu, cuda, or auto for the fastest that works')
    .meta(shown('machine', 'more')),
  out: z
    .string()
    .min(1)
    .describe('the run folder, which must not exist yet')
    .meta({ placeholder: 'dir' })
    .meta(shown('machine', 'all')),
});

export type TrainConfig = z.output<typeof trainSchema>;
export type TrainOptions = z.input<typeof trainSchema>;
