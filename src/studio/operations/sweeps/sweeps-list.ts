/** @file All sweeps of the work folder, the latest first. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sweepsList = defineOperation({
  name: 'sweeps.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { sweeps }) => (await sweeps.list()).map(({ summary }) => summary),
});
