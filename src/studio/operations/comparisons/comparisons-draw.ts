/** @file Draws the cells of a comparison that are not there yet. */
import { defineOperation } from '../operation.ts';
import { requestSchema } from './comparison-input.ts';

export const comparisonsDraw = defineOperation({
  name: 'comparisons.draw',
  kind: 'change',
  schema: requestSchema,
  run: async ({ request }, { comparisons }) => await comparisons.draw(request),
});
