/** @file What may be asked of the queue. */
import * as z from 'zod';
import type { JobRequest } from '../interface/job-operations.ts';
import { idSchema, runNameSchema, settingsSchema, textSchema } from '../operations/input-parts.ts';

export const jobRequestSchema: z.ZodType<JobRequest> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('train'),
    settings: settingsSchema,
    dataset: idSchema,
    name: runNameSchema.exactOptional(),
    thenDraw: z.array(textSchema.min(1)).max(16).readonly().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('resume'),
    run: idSchema,
    steps: z.number().int().positive().max(1e9).exactOptional(),
  }),
]);
