/** @file Everything that decides a training run. One schema is the type, the strict parser, the flags and the help. */
import * as z from 'zod';
import { adapters } from '../adapters/index.ts';
import { bytesOfSize } from '../base/byte-size.ts';
import { ConfigError } from '../base/errors.ts';
import { seedRange } from '../base/seeds.ts';
import { predictionTypes } from '../diffusion/scheduler-config.ts';
import { type LearningRateName, learningRateShapes } from '../optim/learning-rate.ts';
import { type OptimizerName, optimizers } from '../optim/optimizers.ts';
import { deviceChoices } from '../runtime/index.ts';

const positive = z.number().int().positive();
/** Pictures of a batch: far above what any machine holds, and low enough to be reckoned with. */
const largestBatch = 65_536;
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

/** What `krona train` may be told. Keys without a default take the base model's recommendation, then ours. */
export const trainSchema = z.strictObject({
  base: z
    .string()
    .default('pocket')
    .describe('"pocket", a model folder or file, or owner/name[@revision][:fp16] of the hub')
    .meta({ placeholder: 'base' }),
  prediction: z
    .enum(predictionTypes)
    .optional()
    .describe('what the UNet of a single-file base predicts, where it is not recognised rightly'),
  ema: z
    .boolean()
    .optional()
    .describe('of a single-file base that holds it, the average of the UNet over its training'),
  images: z
    .string()
    .min(1)
    .describe('folder with 3 to 6 pictures of the subject, or pocket/NAME: bundled ones')
    .meta({ placeholder: 'dir' }),
  subject: z.string().describe('a rare word and the class: "sks dog"'),
  class: z.string().optional().describe('the class word, where it is not the end of the subject'),
  prompt: z.string().default('a {subject}').describe('training prompt; {subject} is replaced'),
  captions: z
    .boolean()
    .default(false)
    .describe('texts beside the pictures, dog1.txt for dog1.jpg, take the place of the prompt'),
  repeats: positive
    .max(10_000)
    .default(1)
    .describe('how often an epoch shows a picture; a folder named 10_dog says it itself'),
  adapter: z
    .string()
    .default('krona')
    .describe(`method: ${Object.keys(adapters).join(', ')}`)
    .meta({ placeholder: 'name' }),
  adapterOptions: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('options of the method, such as { "a1": 4, "a2": 64 }'),
  targets: z
    .array(z.string())
    .min(1)
    .default(['attention'])
    .describe('sites to adapt: attention, attention+feed-forward, or patterns')
    .meta({ placeholder: 'pattern...' }),
  init: z
    .string()
    .optional()
    .describe(
      'adapter to go on from, of krona or any other tool: it brings its method, options and sites',
    )
    .meta({ placeholder: 'file' }),
  newToken: z
    .boolean()
    .default(false)
    .describe('teach the rare word itself too, as a new word of the text encoders; write it <dog>'),
  tokenVectors: positive.max(1000).default(1).describe('vectors that the new word stands for'),
  initialWord: z
    .string()
    .optional()
    .describe('word whose vectors the new one starts from; the class where not given'),
  steps: positive.default(500).describe('optimiser steps'),
  batchSize: positive.max(largestBatch).default(1).describe('pictures per gradient'),
  accumulate: positive.max(largestBatch).default(1).describe('gradients summed per optimiser step'),
  optimizer: z
    .enum(optimizerNames)
    .default('adamw')
    .describe(
      'rule that turns gradients into steps; adafactor needs the least memory, prodigy no learning rate',
    ),
  learningRate: z
    .number()
    .positive()
    .default(5e-4)
    .describe(
      `largest learning rate; where none is given, methods have their own (${learningRates()}), lion takes a fifth, prodigy 1 (a factor of what it finds)`,
    ),
  schedule: z
    .enum(scheduleNames)
    .default('constant')
    .describe('learning rate over the steps, after the warm-up'),
  warmupSteps: z.number().int().nonnegative().default(0).describe('steps of linear warm-up'),
  scheduleCycles: positive.default(1).describe('falls of the schedule cosine-with-restarts'),
  schedulePower: z.number().positive().default(1).describe('exponent of the schedule polynomial'),
  scheduleEnd: z
    .number()
    .nonnegative()
    .default(1e-7)
    .describe('learning rate at the end of the schedule polynomial'),
  scheduleRules: z
    .string()
    .default('1')
    .describe(
      'schedule piecewise: factors, each with the step it ends before, "1:100,0.1:200,0.01"',
    ),
  weightDecay: z
    .number()
    .nonnegative()
    .default(0.01)
    .describe(
      'weight decay, decoupled but for sgd; where none is given, lion takes five times as much',
    ),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe('first moment decay of AdamW, lion and prodigy; momentum of sgd'),
  beta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe('second moment decay of AdamW and prodigy; of lion the momentum, 0.99 if not given'),
  epsilon: z.number().positive().default(1e-8).describe('AdamW and prodigy epsilon'),
  prodigyDistance: z
    .number()
    .positive()
    .default(1e-6)
    .describe('what prodigy first takes for the distance to the solution'),
  prodigyGrowth: z
    .number()
    .gt(1)
    .optional()
    .describe('largest factor by which this distance grows in a step; 1.02 is a gentle start'),
  clipNorm: z.number().positive().default(1).describe('largest norm of all gradients together'),
  emaDecay: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('the adapter becomes its moving average over the steps; 0.999 is usual'),
  emaPower: z
    .number()
    .positive()
    .optional()
    .describe('the average forgets its beginnings by 1 - (1 + step)^-power; 0.75 is usual'),
  resolution: positive
    .max(131_072)
    .multipleOf(8)
    .optional()
    .describe('side of the training pictures, in pixels'),
  buckets: z
    .boolean()
    .default(false)
    .describe('pictures keep their proportions: each is cut to the nearest of several sizes'),
  bucketStep: positive
    .max(131_072)
    .multipleOf(8)
    .optional()
    .describe('what the sides of these sizes are multiples of, in pixels; 64 is usual'),
  minSnrGamma: z
    .number()
    .positive()
    .optional()
    .describe('weighs timesteps by min(SNR, gamma), so that easy ones do not dominate; 5 is usual'),
  noiseOffset: z
    .number()
    .nonnegative()
    // As strong as the noise itself: nothing of a picture's brightness is left to learn.
    .max(1)
    .default(0)
    .describe('noise common to all pixels, for dark and bright pictures; 0.05 to 0.1 is usual'),
  zeroTerminalSnr: z.boolean().optional().describe('overrides the schedule of the base model'),
  priorImages: z
    .string()
    .optional()
    .describe('folder with other pictures of the class (prior preservation)')
    .meta({ placeholder: 'dir' }),
  priorCount: positive
    .max(100_000)
    .optional()
    .describe('without such a folder: pictures of the class that the base model draws for it'),
  priorWeight: z.number().positive().default(1).describe('weight of the prior loss'),
  seed: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe(`decides every random choice of the run, ${seedRange}`),
  checkpointEvery: positive.default(100).describe('steps between checkpoints'),
  keepCheckpoints: positive.default(2).describe('checkpoints kept'),
  sampleEvery: positive.optional().describe('steps between preview pictures'),
  samplePrompt: z
    .array(z.string().min(1))
    .min(1)
    .default(['a {subject}'])
    // A prompt may hold commas: on the command line each has a flag of its own.
    .meta({ keepsCommas: true, description: 'prompts of the preview pictures, one a flag' }),
  tensorboard: z
    .boolean()
    .default(false)
    .describe('also write loss, learning rate and gradient norm for TensorBoard'),
  memory: z
    .string()
    .refine((text) => bytesOfSize(text) !== undefined, 'expected a size such as 8GB or 500MB')
    .optional()
    .meta({
      expects: 'a size such as 8GB, 500MB or 2GiB',
      description:
        'resident memory to stay within, such as 8GB; steps are cut into segments for it',
    }),
  device: z
    .enum(deviceChoices)
    .default('cpu')
    .describe('where to compute: cpu, webgpu, cuda, or auto for the fastest that works'),
  out: z
    .string()
    .min(1)
    .describe('the run folder, which must not exist yet')
    .meta({ placeholder: 'dir' }),
});

export type TrainConfig = z.output<typeof trainSchema>;
export type TrainOptions = z.input<typeof trainSchema>;

/** The subject's phrase taken apart. */
export interface Subject {
  readonly phrase: string;
  readonly className: string;
}

/** With these a sentence begins, not a subject. */
const beginnings =
  /^(?:an?|the|my|your|his|her|its|our|their|this|that|photos?|pictures?|images?|portraits?|drawings?|paintings?)$/i;

/**
 * Refuses what is no subject: a sentence, whose first word would be taken for the rare one, and what no prompt can say.
 *
 * @throws ConfigError SUBJECT_IS_SENTENCE, or SUBJECT_CHARACTERS for braces, line breaks and other control characters
 */
export function requireSubjectPhrase(phrase: string): void {
  const [strange] = /[{}]|\p{Cc}/u.exec(phrase.trim()) ?? [];
  if (strange !== undefined) {
    throw new ConfigError(
      'SUBJECT_CHARACTERS',
      `subject: expected a rare word and the class, such as "sks dog", got ${JSON.stringify(phrase)}, which holds ${JSON.stringify(strange)}; write the words alone, and {subject} in prompts where they stand`,
    );
  }
  const words = phrase.trim().split(/\s+/);
  const [first = ''] = words;
  if (!beginnings.test(first)) return;
  const last = words.at(-1) ?? '';
  const className = beginnings.test(last) ? 'dog' : last;
  throw new ConfigError(
    'SUBJECT_IS_SENTENCE',
    `subject: expected a rare word and the class, such as "sks ${className}", got "${phrase}"; words around it belong into prompt ("a photo of {subject}")`,
  );
}

const usualRareWord = 'sks';

/**
 * Reads `sks dog` as an identifier and a class.
 *
 * @throws ConfigError SUBJECT_WITHOUT_CLASS
 */
export function parseSubject(phrase: string, className?: string): Subject {
  const words = phrase.trim().split(/\s+/).filter(Boolean);
  const found = className?.trim() || words.slice(1).join(' ');
  if (words.length < 2 || !` ${words.join(' ')} `.includes(` ${found} `)) {
    // Of one word, it is the class that people give, unless it is the rare word of every tutorial.
    const [only] = words;
    const given = words.length === 1 && only !== usualRareWord ? only : words[1];
    const example = className ?? given ?? 'dog';
    const rare = words.length > 1 ? only : usualRareWord;
    throw new ConfigError(
      'SUBJECT_WITHOUT_CLASS',
      `subject: expected a rare word and the class, such as "${rare} ${example}", got "${phrase}"${className === undefined ? '' : ` with class "${className}"`}; the class tells the model what kind of thing it learns`,
    );
  }
  return { phrase: words.join(' '), className: found };
}
