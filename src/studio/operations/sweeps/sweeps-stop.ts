/** @file Tells a sweep to stop, and waits until its processes are gone. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sweepsStop = defineOperation({
  name: 'sweeps.stop',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { sweeps }) => await sweeps.stop(id),
});
