/** @file Moves a job before another one, or to the end. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const jobsMove = defineOperation({
  name: 'jobs.move',
  kind: 'change',
  schema: z.strictObject({ id: idSchema, before: idSchema.nullable() }),
  run: async ({ id, before }, { queue }) => {
    await queue.move(id, before);
    return null;
  },
});
