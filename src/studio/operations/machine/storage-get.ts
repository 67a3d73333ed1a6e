/** @file What files take that can be made again. */
import { storedFiles } from '../../work/stored-files.ts';
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const storageGet = defineOperation({
  name: 'storage.get',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { work }) => await storedFiles(work),
});
