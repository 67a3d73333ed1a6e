/** @file Brings a picture back that was taken out of a data set. */
import { defineOperation } from '../operation.ts';
import { datasetPictureSchema } from './dataset-inputs.ts';

export const datasetsRestorePicture = defineOperation({
  name: 'datasets.restore-picture',
  kind: 'change',
  schema: datasetPictureSchema,
  run: async ({ id, name }, { datasets }) => ({ name: await datasets.restorePicture(id, name) }),
});
