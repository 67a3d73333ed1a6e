/** @file The mask beside a picture: what of it is learned. */
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';
import { datasetPictureSchema } from './dataset-inputs.ts';

export const datasetsMask = defineOperation({
  name: 'datasets.mask',
  kind: 'change',
  schema: datasetPictureSchema.extend({ mask: idSchema.nullable() }),
  run: async ({ id, name, mask }, { datasets, readPicture }) => {
    await datasets.mask(id, name, mask === null ? undefined : await readPicture(mask));
    return null;
  },
});
