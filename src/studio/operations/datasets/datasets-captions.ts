/** @file The texts beside several pictures at once. */
import * as z from 'zod';
import { idSchema, textSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';
import { datasetPictureSchema } from './dataset-inputs.ts';

/** More pictures a set may hold, if not by Studio. */
const most = 2000;

export const datasetsCaptions = defineOperation({
  name: 'datasets.captions',
  kind: 'change',
  schema: z.strictObject({
    id: idSchema,
    captions: z
      .array(z.strictObject({ name: datasetPictureSchema.shape.name, caption: textSchema }))
      .min(1)
      .max(most),
  }),
  run: async ({ id, captions }, { datasets }) => {
    await datasets.caption(id, captions);
    return null;
  },
});
