/** @file Everything that decides a picture. One schema is the type, the strict parser, the flags and the help. */
import * as z from 'zod';
import { seedRange } from '../base/numbers/seeds.ts';
import { shown } from '../base/settings/setting-place.ts';
import { promptSyntaxes } from '../data/prompts/prompt-syntax.ts';
import { predictionTypes } from '../diffusion/scheduler-config.ts';
import { tolerances } from '../exchange/index.ts';
import type { ConstantsProgress } from '../pipeline/adapters/site-constants.ts';
import { mostSkip } from '../pipeline/base/clip-skip.ts';
import { upscalers } from '../pipeline/draw/second-pass.ts';
import type { DrawingProgress } from '../pipeline/draw/text-to-image.ts';
import { basePrecisionSetting } from '../pipeline/precision/base-precision.ts';
import { deviceChoices } from '../runtime/index.ts';
import { adapterRequestSchema } from './adapter-request.ts';
import { samplingSettings } from './sampling-settings.ts';

const positive = z.number().int().positive();
/** Pictures of a request: a day of them on a fast machine. */
const mostPictures = 100_000;
/** Pixels of a side: no model draws more; what the memory holds is estimated beside. */
const longestSide = 131_072;
/** Larger, a picture has nothing of the first to go by. */
const mostUpscale = 8;
/** A few latents of any model. */
const leastTile = 32;
const sizeByDefault = 'that of the base model by default, in the proportions of initImage';

/** What `krona generate` may be told. Keys without a default take the base model's recommendation, then ours. */
export const generateSchema = z.strictObject({
  run: z
    .string()
    .optional()
    .describe('run folder whose adapter to use')
    .meta({ placeholder: 'dir' })
    .meta(shown('adapters', 'simple')),
  adapter: z
    .array(adapterRequestSchema)
    .default([])
    // One adapter a flag, whose parts are separated by commas.
    .meta({
      placeholder: 'file=strength...',
      keepsCommas: true,
      description:
        'adapter of krona or any other tool: FILE or FILE=STRENGTH; then, as needed, strengths of its own for some sites, ",attn2.*=0.5", and the part of the denoising that it is on, ",from=0.2,to=0.9"; one a flag',
    })
    .meta(shown('adapters', 'simple')),
  tolerate: z
    .array(z.enum(tolerances))
    .default([])
    .describe(
      'what to overlook in files of other tools: unmatched (modules that the base does not have are left out), mixed-names, missing-alpha',
    )
    .meta({ placeholder: 'name...' })
    .meta(shown('adapters', 'all')),
  base: z
    .string()
    .optional()
    .describe(
      '"pocket", a model folder or file, or owner/name[@revision][:fp16] of the hub; what the adapter was trained on by default',
    )
    .meta({ placeholder: 'base' })
    .meta(shown('model', 'simple')),
  refiner: z
    .string()
    .optional()
    .describe('model for the last steps, of the same latents, such as the refiner of SDXL; as base')
    .meta({ placeholder: 'base' })
    .meta(shown('model', 'more')),
  refinerStart: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('share of the schedule that the base makes before the refiner; by default 0.8')
    .meta(shown('model', 'more')),
  prediction: z
    .enum(predictionTypes)
    .optional()
    .describe('what the UNet of a single-file base predicts, where it is not recognised rightly')
    .meta(shown('model', 'all')),
  ema: z
    .boolean()
    .optional()
    .describe(
      'of a base that holds it (a single file, a folder with unet_ema), the average of the UNet over its training',
    )
    .meta(shown('model', 'all')),
  prompt: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    // A prompt may hold commas: on the command line each has a flag of its own.
    .meta({
      ...{ type: 'array', keepsCommas: true },
      description:
        'what to show; {subject} stands for the subject of the run or adapter; one a flag, all are drawn',
    })
    .meta(shown('prompt', 'simple')),
  prompts: z
    .string()
    .optional()
    .describe(
      'text file with one prompt a line, those that begin with # left out; drawn after those of prompt',
    )
    .meta({ placeholder: 'file' })
    .meta(shown('prompt', 'all')),
  wildcards: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder of texts with one line each way: __animal__ in a prompt is a line of animal.txt, {red|blue} one of the two; which one, the seed of a picture decides',
    )
    .meta({ placeholder: 'dir' })
    .meta(shown('prompt', 'all')),
  promptRepeats: positive
    .max(100)
    .default(1)
    .describe('how often the prompt stands in what the model reads, which makes it weigh more')
    .meta(shown('prompt', 'all')),
  negative: z.string().default('').describe('what not to show').meta(shown('prompt', 'more')),
  promptSyntax: z
    .enum(promptSyntaxes)
    .default('a1111')
    .describe(
      'a1111 reads (word:1.3), ((word)), [word], \\( and BREAK as A1111 does, and prompts of any length; plain takes every character as it is, and cuts what is too long',
    )
    .meta(shown('prompt', 'all')),
  clipSkip: z
    .number()
    .int()
    .positive()
    .max(mostSkip)
    .optional()
    .describe(
      'layer of the text encoder that the model is told, counted from the last, as A1111 counts; by default the one that the adapter was trained with, or 1',
    )
    .meta(shown('prompt', 'all')),
  count: positive
    .max(mostPictures)
    .default(4)
    .describe('pictures of each prompt')
    .meta(shown('prompt', 'simple')),
  batchSize: positive
    .max(mostPictures)
    .default(1)
    .describe('pictures computed together')
    .meta(shown('machine', 'all')),
  strength: z
    .number()
    .default(1)
    .describe('multiplies the strengths of all adapters; 0 gives the base model')
    .meta(shown('adapters', 'more')),
  ...samplingSettings,
  subjectPicture: z
    .array(z.string().min(1))
    .default([])
    // A name may hold commas: on the command line each has a flag of its own.
    .meta({
      ...{ placeholder: 'file...', keepsCommas: true },
      description:
        'picture of a subject to draw without training, by a BLIP-Diffusion base; one a flag, of several the mean is taken',
    })
    .meta(shown('picture', 'more')),
  subject: z
    .string()
    .min(1)
    .optional()
    .describe(
      'what subjectPicture shows, in a word or two, such as "dog"; {subject} in prompts says it',
    )
    .meta(shown('picture', 'more')),
  initImage: z
    .string()
    .optional()
    .describe('picture to begin with, instead of noise')
    .meta({ placeholder: 'file' })
    .meta(shown('picture', 'more')),
  noise: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      'share of the noise that the picture is put under: 0.3 changes details, 0.6 much, 1 everything; by default 0.6, with a mask 1',
    )
    .meta(shown('picture', 'more')),
  mask: z
    .string()
    .optional()
    .describe('picture of the size of initImage: white is repainted, black kept')
    .meta({ placeholder: 'file' })
    .meta(shown('picture', 'more')),
  keepUnmasked: z
    .boolean()
    .default(true)
    .describe('what the mask keeps stays as it is to the pixel; otherwise it went through the VAE')
    .meta(shown('picture', 'all')),
  width: positive
    .max(longestSide)
    .optional()
    .describe(`pixels, a multiple of 8; ${sizeByDefault}`)
    .meta(shown('picture', 'more')),
  height: positive
    .max(longestSide)
    .optional()
    .describe(`pixels, a multiple of 8; ${sizeByDefault}`)
    .meta(shown('picture', 'more')),
  upscale: z
    .number()
    .gt(1)
    .max(mostUpscale)
    .optional()
    .describe(
      'draws every picture twice: the second time this many times as wide and high, beginning with the first one, for more detail than the model draws at its own size',
    )
    .meta(shown('picture', 'more')),
  upscaleNoise: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      'share of the noise that the enlarged picture is put under: too little adds nothing, too much doubles the subject; by default 0.4, with the upscaler latent 0.7',
    )
    .meta(shown('picture', 'more')),
  upscaleSteps: positive
    .max(10_000)
    .optional()
    .describe('steps of the second time; by default as many as the first')
    .meta(shown('picture', 'all')),
  upscaler: z
    .enum(upscalers)
    .default('lanczos')
    .describe(
      'what is enlarged in between: lanczos the picture, latent what the model sees of it, which is faster and blurred, so that it wants a noise of 0.5 or more',
    )
    .meta(shown('picture', 'all')),
  tile: z
    .number()
    .int()
    .min(leastTile)
    .max(longestSide)
    .optional()
    .describe(
      'pixels of a side of the overlapping tiles in which enlarged pictures are computed; by default one piece, where the memory allows it',
    )
    .meta(shown('machine', 'all')),
  seed: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe(`seed of the first picture of a prompt, ${seedRange}; the next has seed + 1`)
    .meta(shown('prompt', 'simple')),
  basePrecision: basePrecisionSetting,
  device: z
    .enum(deviceChoices)
    .default('cpu')
    .describe('where to compute: cpu, webgpu, cuda, or auto for the fastest that works')
    .meta(shown('machine', 'more')),
  out: z
    .string()
    .min(1)
    .optional()
    .describe('folder for the pictures and their contact sheet; what is there already stays')
    .meta({ placeholder: 'dir' })
    .meta(shown('machine', 'all')),
});

export type GenerateConfig = z.output<typeof generateSchema>;
export type GenerateOptions = z.input<typeof generateSchema>;
/** With a folder for the pictures. */
export type FolderOptions = GenerateOptions & { readonly out: string };

/** How much is done of what is computed once from weights. */
export interface Preparation extends ConstantsProgress {
  readonly phase: 'rounding weights' | 'decomposing weights';
}

/** What generating reports. */
export type GenerateEvent =
  | {
      readonly type: 'started';
      readonly pictures: number;
      readonly steps: number;
    }
  /** Weights that were rounded to eight bits, or decomposed, where the precision or an adapter asks for it. */
  | ({ readonly type: 'preparing' } & Preparation)
  /** What was decided without the user. */
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'warning'; readonly message: string }
  | ({
      readonly type: 'step';
      /** Since the drawing began. */
      readonly seconds: number;
    } & DrawingProgress)
  | {
      readonly type: 'picture';
      /** Where it was written, where there is a folder for it. */
      readonly file?: string;
      /** What it is, where there is none. */
      readonly png?: Uint8Array<ArrayBuffer>;
      readonly prompt: string;
      readonly seed: number;
    }
  | { readonly type: 'finished'; readonly sheet?: string; readonly seconds: number };
