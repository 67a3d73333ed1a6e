/** @file One sweep with its file and its tasks. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sweepsGet = defineOperation({
  name: 'sweeps.get',
  kind: 'look',
  schema: oneSchema,
  run: async ({ id }, { sweeps }) => await sweeps.detail(id),
});
