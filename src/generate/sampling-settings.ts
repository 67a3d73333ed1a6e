/** @file The settings of sampling: how many steps, where, and by which method. */
import * as z from 'zod';
import { shown } from '../base/settings/setting-place.ts';
import { samplerNames } from '../diffusion/samplers/index.ts';

const positive = z.number().int().positive();

export const samplingSettings = {
  steps: positive
    .max(10_000)
    .default(50)
    .describe('sampling steps')
    .meta(shown('sampling', 'more')),
  timesteps: z
    .array(z.number().int().nonnegative())
    .min(1)
    .optional()
    .meta({
      placeholder: 'n...',
      description:
        'timesteps of training to sample at, falling, in place of steps: 800, or 999,749,499,249; by default as the sampler spaces them',
    })
    .meta(shown('sampling', 'all')),
  guidance: z
    .number()
    .min(1)
    .max(1000)
    .default(7.5)
    .describe('classifier-free guidance; 1 switches it off')
    .meta(shown('sampling', 'more')),
  guidanceRescale: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Lin et al. 2023, sec. 3.4')
    .meta(shown('sampling', 'all')),
  sampler: z
    .string()
    .optional()
    .describe(`${samplerNames.join(', ')}; the one of the base model by default`)
    .meta({ choices: samplerNames })
    .meta(shown('sampling', 'more')),
  eta: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'DDIM: 0 is deterministic, 1 as noisy as DDPM; TCD: 0.3 is usual; other samplers refuse it',
    )
    .meta(shown('sampling', 'all')),
};
