/** @file The sweeps that came with the package. */
import { bundledSweeps } from '../../sweeps/bundled-sweeps.ts';
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const sweepsBundled = defineOperation({
  name: 'sweeps.bundled',
  kind: 'look',
  schema: nothingSchema,
  run: async () => await bundledSweeps(),
});
