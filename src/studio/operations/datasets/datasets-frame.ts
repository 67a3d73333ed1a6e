/** @file Which part of a picture is trained. Its file stays as it is. */
import * as z from 'zod';
import { defineOperation } from '../operation.ts';
import { datasetPictureSchema } from './dataset-inputs.ts';

const share = z.number().min(0).max(1);

export const datasetsFrame = defineOperation({
  name: 'datasets.frame',
  kind: 'change',
  schema: datasetPictureSchema.extend({
    around: z.strictObject({ x: share, y: share }).nullable(),
  }),
  run: async ({ id, name, around }, { datasets }) => {
    await datasets.moveFrame(id, name, around ?? undefined);
    return null;
  },
});
