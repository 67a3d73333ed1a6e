/** @file Settings of a run about masks: which parts of its pictures are learned. */
import * as z from 'zod';
import { shown } from '../../base/settings/setting-place.ts';

const maskSources = ['none', 'files', 'alpha', 'auto'] as const;

export const maskSettings = {
  masks: z
    .enum(maskSources)
    .default('none')
    .describe(
      'learn what masks show white: dog1-masklabel.png or dog1_mask.png beside dog1.jpg (files), what is opaque (alpha), or auto: the file where there is one, else alpha',
    )
    .meta(shown('pictures', 'more')),
  maskImages: z
    .string()
    .min(1)
    .optional()
    .describe('folder with the masks, named as the pictures, where they are not beside them')
    .meta({ placeholder: 'dir' })
    .meta(shown('pictures', 'all')),
  unmaskedWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('least weight of the loss, where masks are black')
    .meta(shown('pictures', 'all')),
  normalizeMasks: z
    .boolean()
    .default(false)
    .describe(
      "divide a picture's loss by the mean of its weights, so that small subjects count in full",
    )
    .meta(shown('pictures', 'all')),
};

/** Where the masks of pictures come from, where they have any. */
export type MaskSource = Exclude<(typeof maskSources)[number], 'none'>;
