/** @file Sizes of the first factor of a Kronecker product, stated for the sites that match a pattern. */
import * as z from 'zod';
import { matchesPattern, type Site } from '../../nn/index.ts';

const size = z.number().int().positive();

export const factorsOption = z
  .record(z.string(), z.tuple([size, size]))
  .default({})
  .describe(
    'sizes of the first factor at sites that match a pattern, the last match winning: { "to_q": [4, 64] }',
  )
  .meta({ placeholder: 'pattern=a1,a2...' });

/** What the last pattern that matches the site states. */
export function statedFactors(
  site: Site,
  factors: z.output<typeof factorsOption>,
): readonly [number, number] | undefined {
  return Object.entries(factors)
    .filter(([pattern]) => matchesPattern(pattern, site.name))
    .at(-1)?.[1];
}
