/** @file Removes the folder of a sweep that nobody carries out. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sweepsRemove = defineOperation({
  name: 'sweeps.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { sweeps }) => {
    await sweeps.remove(id);
    return null;
  },
});
