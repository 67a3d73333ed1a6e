/** @file Writes the report of what is done so far. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sweepsReport = defineOperation({
  name: 'sweeps.report',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { sweeps }) => await sweeps.report(id),
});
