/** @file What there is of a comparison, and what is missing. */
import { defineOperation } from '../operation.ts';
import { requestSchema } from './comparison-input.ts';

export const comparisonsGet = defineOperation({
  name: 'comparisons.get',
  kind: 'look',
  schema: requestSchema,
  run: async ({ request }, { comparisons }) => await comparisons.get(request),
});
