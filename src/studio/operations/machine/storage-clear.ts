/** @file Removes files of a kind that can be made again. */
import * as z from 'zod';
import { removeStored, storedFiles } from '../../work/stored-files.ts';
import { defineOperation } from '../operation.ts';

export const storageClear = defineOperation({
  name: 'storage.clear',
  kind: 'change',
  schema: z.strictObject({ kind: z.enum(['comparisons', 'downloads']) }),
  run: async ({ kind }, { work, feed }) => {
    await removeStored(work, kind);
    feed.publish({ type: 'changed', what: kind });
    return await storedFiles(work);
  },
});
