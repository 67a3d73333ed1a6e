/** @file Takes a picture out of a data set. */
import { defineOperation } from '../operation.ts';
import { datasetPictureSchema } from './dataset-inputs.ts';

export const datasetsRemovePicture = defineOperation({
  name: 'datasets.remove-picture',
  kind: 'change',
  schema: datasetPictureSchema,
  run: async ({ id, name }, { datasets }) => {
    await datasets.removePicture(id, name);
    return null;
  },
});
