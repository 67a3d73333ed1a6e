/** @file All jobs, in the order in which they begin. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const jobsList = defineOperation({
  name: 'jobs.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { queue }) => await queue.list(),
});
