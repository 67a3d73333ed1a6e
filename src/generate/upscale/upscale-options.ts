/** @file What enlarging pictures may be told: settings of generating, and a few of its own. */
import * as z from 'zod';
import { generateSchema } from '../generate-options.ts';

/** Settings that both have, with the same meaning. */
const shared = generateSchema.pick({
  ...{ run: true, adapter: true, tolerate: true, base: true, prediction: true, ema: true },
  ...{ negative: true, promptSyntax: true, clipSkip: true, steps: true },
  ...{ guidance: true, guidanceRescale: true, strength: true, sampler: true, eta: true },
  ...{ tile: true, seed: true, basePrecision: true, device: true },
});

/** What `krona upscale` may be told. */
export const upscaleSchema = shared.extend({
  pictures: z
    .array(z.string().min(1))
    .min(1)
    .describe('pictures to enlarge')
    .meta({ placeholder: 'file...', keepsCommas: true }),
  prompt: z
    .string()
    .optional()
    .describe(
      'what they show; {subject} stands for the subject of the run or adapter; by default what stands inside each, with its negative prompt',
    ),
  factor: z
    .number()
    .gt(1)
    .max(8)
    .optional()
    .describe('times as wide and high; by default 2, of an upscaler its own'),
  noise: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      'share of the noise that an enlarged picture is put under: too little adds nothing, too much paints something else; by default 0.4, or what the base recommends',
    ),
  noiseLevel: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'of an upscaler: timesteps of noise on the picture that it sees, with more of which it paints more of its own; by default 20',
    ),
  out: z
    .string()
    .min(1)
    .describe('folder for the pictures, under their own names; what is there already stays')
    .meta({ placeholder: 'dir' }),
});

export type UpscaleConfig = z.output<typeof upscaleSchema>;
export type UpscaleOptions = z.input<typeof upscaleSchema>;
