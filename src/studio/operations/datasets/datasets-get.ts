/** @file One data set: its pictures as a training would cut them, and what there is to know of them. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const datasetsGet = defineOperation({
  name: 'datasets.get',
  kind: 'look',
  schema: z.strictObject({
    id: idSchema,
    resolution: z.int().min(8).max(4096).multipleOf(8).exactOptional(),
    base: z.string().min(1).max(200).exactOptional(),
    buckets: z.boolean().exactOptional(),
  }),
  run: async ({ id, ...cutting }, { datasets }) => await datasets.get(id, cutting),
});
