/** @file Settings of a run that show a picture in more than one way: its captions, their tags, its mirror image, its cut. */
import * as z from 'zod';
import { shown } from '../../base/settings/setting-place.ts';

/** Each is encoded once, and kept with the run. */
const mostEncoded = 1000;

export const variationSettings = {
  captionLines: z
    .boolean()
    .default(false)
    .describe('each line of a caption file is a caption of its own, of which a sample has one')
    .meta(shown('subject', 'more')),
  captionDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of samples that are shown with no text at all; 0.05 to 0.1 is usual')
    .meta(shown('subject', 'all')),
  shuffleTags: z
    .number()
    .int()
    .positive()
    .max(mostEncoded)
    .optional()
    .describe('orders of the tags of a text, between commas, of which a sample has one; 8, say')
    .meta(shown('subject', 'all')),
  keepTokens: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('tags at the beginning of a text that shuffleTags leaves where they are')
    .meta(shown('subject', 'all')),
  flip: z
    .boolean()
    .default(false)
    .describe('every second sample, at random, is mirrored; not for what has a left and a right')
    .meta(shown('pictures', 'more')),
  randomCrops: z
    .number()
    .int()
    .positive()
    .max(mostEncoded)
    .optional()
    .describe(
      'places, at random, where a picture is cut besides its middle; a sample shows one of all; 4, say',
    )
    .meta(shown('pictures', 'all')),
};
