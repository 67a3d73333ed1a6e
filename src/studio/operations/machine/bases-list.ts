/** @file The models that can be personalised: the bundled one, and the published families. */
import { offlineBases } from '../../work/offline-bases.ts';
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const basesList = defineOperation({
  name: 'bases.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { host, models }) => await offlineBases(host, await models.list()),
});
