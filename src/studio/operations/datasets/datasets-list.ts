/** @file Every data set: own ones, then those that came with the package. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const datasetsList = defineOperation({
  name: 'datasets.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { datasets }) => await datasets.list(),
});
