/** @file Everything that is known of one adapter. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const adaptersInspect = defineOperation({
  name: 'adapters.inspect',
  kind: 'look',
  schema: oneSchema,
  run: async ({ id }, { adapterWorkshop }) => await adapterWorkshop.inspect(id),
});
