/** @file Lets a job that is held or failed wait again. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const jobsRetry = defineOperation({
  name: 'jobs.retry',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { queue }) => {
    await queue.retry(id);
    return null;
  },
});
