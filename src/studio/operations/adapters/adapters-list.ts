/** @file Adapters of the work folder, the latest first. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const adaptersList = defineOperation({
  name: 'adapters.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { adapters, adapterSummaries }) =>
    await Promise.all((await adapters.list()).map((file) => adapterSummaries.of(file))),
});
