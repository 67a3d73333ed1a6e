/** @file Comparisons that are being drawn. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const comparisonsList = defineOperation({
  name: 'comparisons.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { comparisons }) => comparisons.list(),
});
