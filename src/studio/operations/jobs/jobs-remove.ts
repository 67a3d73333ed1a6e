/** @file Removes a job that is not running. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const jobsRemove = defineOperation({
  name: 'jobs.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { queue }) => {
    await queue.remove(id);
    return null;
  },
});
