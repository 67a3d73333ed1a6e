/** @file Gives up the cells that are left; those that are drawn stay. */
import { defineOperation } from '../operation.ts';
import { requestSchema } from './comparison-input.ts';

export const comparisonsCancel = defineOperation({
  name: 'comparisons.cancel',
  kind: 'change',
  schema: requestSchema,
  run: async ({ request }, { comparisons }) => await comparisons.cancel(request),
});
