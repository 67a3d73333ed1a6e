/** @file Adds a training to the queue, its settings as they are now. */
import { jobRequestSchema } from '../../queue/job-request.ts';
import { defineOperation } from '../operation.ts';

export const jobsAdd = defineOperation({
  name: 'jobs.add',
  kind: 'change',
  schema: jobRequestSchema,
  run: async (request, { queue }) => await queue.add(request),
});
