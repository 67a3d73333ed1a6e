/** @file Everything that decides an evaluation. One schema is the type, the strict parser, the flags and the help. */
import * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';
import { seedRange } from '../../base/numbers/seeds.ts';
import { parseSettings } from '../../base/settings/parse-settings.ts';
import { generateSchema } from '../../generate/generate-options.ts';
import { subjectTypes } from '../../metrics/prompts.ts';

/** Settings of the pictures that an evaluation draws; the base model recommends what is not given. */
export const drawingSchema = generateSchema.pick({
  promptRepeats: true,
  negative: true,
  steps: true,
  timesteps: true,
  guidance: true,
  guidanceRescale: true,
  strength: true,
  sampler: true,
  eta: true,
  device: true,
});

/** Their names. */
export const drawingKeys = Object.keys(drawingSchema.shape);

/** What `krona evaluate` may be told, beside the run. */
export const evaluateSchema = z.strictObject({
  prompts: z
    .string()
    .optional()
    .describe(
      'file with one prompt a line, or .json with lists for "object" and "live"; {} stands for the subject; "pocket" for the bundled ones',
    )
    .meta({ placeholder: 'file' }),
  count: z.number().int().positive().max(1000).default(4).describe('pictures per prompt'),
  seed: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe(`seed of the first picture of every prompt, ${seedRange}`),
  type: z
    .enum(subjectTypes)
    .optional()
    .describe('which of two lists of prompts; object, where the bundled subjects do not say'),
  drift: z
    .boolean()
    .default(true)
    .describe('also draw unrelated prompts with and without the adapter'),
  driftPrompts: z
    .string()
    .optional()
    .describe('file with other unrelated prompts, one a line')
    .meta({ placeholder: 'file' }),
  clip: z
    .string()
    .optional()
    .describe(
      '"pocket", a folder with a CLIPModel, or owner/name of the hub; openai/clip-vit-base-patch32 for other bases than the bundled one',
    )
    .meta({ placeholder: 'encoder' }),
  dino: z
    .string()
    .optional()
    .describe(
      '"pocket", a folder with a ViTModel, or owner/name of the hub; facebook/dino-vits16 for other bases than the bundled one',
    )
    .meta({ placeholder: 'encoder' }),
  pictures: z
    .string()
    .optional()
    .describe('instead of a run: folder with pictures of any tool, in folders 01, 02 ... by prompt')
    .meta({ placeholder: 'dir' }),
  images: z
    .string()
    .optional()
    .describe('folder with the real pictures; of a run, those it was trained on')
    .meta({ placeholder: 'dir' }),
  subject: z.string().optional().describe('with pictures: rare word and class, "sks dog"'),
  class: z.string().optional().describe('with pictures: the class word'),
  subjects: z
    .string()
    .optional()
    .describe(
      'with pictures: JSON file that lists several subjects, whose pictures lie in a folder each; "pocket" for the bundled ones',
    )
    .meta({ placeholder: 'file' }),
  ...drawingSchema.shape,
});

export type EvaluateConfig = z.output<typeof evaluateSchema>;
export type EvaluateOptions = z.input<typeof evaluateSchema>;

/** Settings that only pictures need: a run knows its subject. */
export const ofPictures = ['pictures', 'subject', 'class', 'subjects'];
/** Settings that only a run needs; both score on a device. */
export const ofRuns = [...drawingKeys, 'count', 'drift', 'driftPrompts'].filter(
  (key) => key !== 'device',
);

/**
 * The complete settings of an evaluation.
 *
 * @throws ConfigError UNKNOWN_SETTING, INVALID_SETTING, or SETTING_UNUSED where one would have no effect
 */
export function resolveEvaluation(
  options: EvaluateOptions,
  what: 'run' | 'pictures',
): EvaluateConfig {
  const config = parseSettings(evaluateSchema, { given: options }, 'an evaluation');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const foreign = what === 'run' ? ofPictures : ofRuns;
  const unused = given.find(([key]) => foreign.includes(key))?.[0];
  if (unused === undefined) return config;
  throw new ConfigError(
    'SETTING_UNUSED',
    what === 'run'
      ? `${unused}: is for pictures of other tools, which are scored without a run; leave it or the run out`
      : `${unused}: decides how a run draws, and the pictures are there already; leave it out`,
  );
}

/** What evaluating reports. */
export type EvaluateEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'warning'; readonly message: string }
  /** Prompts drawn, and how far the current one is. */
  | {
      readonly type: 'drawing';
      readonly done: number;
      readonly total: number;
      readonly step: number;
      readonly steps: number;
    }
  | { readonly type: 'scoring'; readonly done: number; readonly total: number };
