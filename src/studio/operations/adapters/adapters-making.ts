/** @file The adapter that is being made, and how far it is. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const adaptersMaking = defineOperation({
  name: 'adapters.making',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { adapterWorkshop }) => adapterWorkshop.making() ?? null,
});
