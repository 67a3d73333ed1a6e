/** @file The text beside a picture. */
import { textSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';
import { datasetPictureSchema } from './dataset-inputs.ts';

export const datasetsCaption = defineOperation({
  name: 'datasets.caption',
  kind: 'change',
  schema: datasetPictureSchema.extend({ caption: textSchema }),
  run: async ({ id, name, caption }, { datasets }) => {
    await datasets.caption(id, [{ name, caption }]);
    return null;
  },
});
