/** @file Pictures that were drawn, the newest first. */
import * as z from 'zod';
import { idSchema, textSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

/** Pictures of one answer. */
const most = 500;

export const galleryList = defineOperation({
  name: 'gallery.list',
  kind: 'look',
  schema: z.strictObject({
    after: idSchema.exactOptional(),
    count: z.int().min(1).max(most),
    run: idSchema.exactOptional(),
    text: textSchema.exactOptional(),
    starred: z.boolean().exactOptional(),
  }),
  run: async (query, { gallery }) => await gallery.list(query),
});
