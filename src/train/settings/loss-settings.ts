/** @file Settings of a run that decide what its loss is: of a sample, its noise and its weight, and the prior's. */
import * as z from 'zod';
import { shown } from '../../base/settings/setting-place.ts';
import { lossNames, thresholdScheduleNames } from '../../diffusion/sample-loss.ts';

const positive = z.number().int().positive();

export const lossSettings = {
  loss: z
    .enum(lossNames)
    .default('l2')
    .describe('what a wrong prediction costs; huber and smooth-l1 count far errors less')
    .meta(shown('loss', 'more')),
  huberC: z
    .number()
    .positive()
    .default(0.1)
    .describe('losses huber and smooth-l1: the error from which on they are linear, c')
    .meta(shown('loss', 'all')),
  huberSchedule: z
    .enum(thresholdScheduleNames)
    .default('snr')
    .describe(
      'c over the timesteps: from 1 without noise down to c, by the SNR or evenly, or constant',
    )
    .meta(shown('loss', 'all')),
  huberScale: z
    .number()
    .positive()
    .default(1)
    .describe('factor of c, of the schedules constant and exponential')
    .meta(shown('loss', 'all')),
  minSnrGamma: z
    .number()
    .positive()
    .optional()
    .describe('weighs timesteps by min(SNR, gamma), so that easy ones do not dominate; 5 is usual')
    .meta(shown('loss', 'more')),
  noiseOffset: z
    .number()
    .nonnegative()
    // As strong as the noise itself: nothing of a picture's brightness is left to learn.
    .max(1)
    .default(0)
    .describe('noise common to all pixels, for dark and bright pictures; 0.05 to 0.1 is usual')
    .meta(shown('loss', 'all')),
  zeroTerminalSnr: z
    .boolean()
    .optional()
    .describe('overrides the schedule of the base model')
    .meta(shown('loss', 'all')),
  priorImages: z
    .string()
    .optional()
    .describe('folder with other pictures of the class (prior preservation)')
    .meta({ placeholder: 'dir' })
    .meta(shown('loss', 'all')),
  priorCount: positive
    .max(100_000)
    .optional()
    .describe('without such a folder: pictures of the class that the base model draws for it')
    .meta(shown('loss', 'more')),
  priorWeight: z
    .number()
    .positive()
    .default(1)
    .describe('weight of the prior loss')
    .meta(shown('loss', 'more')),
};
