/** @file What a data set is called, and what it shows. Its id stays. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';
import { classNameSchema, datasetNameSchema } from './dataset-inputs.ts';

export const datasetsChange = defineOperation({
  name: 'datasets.change',
  kind: 'change',
  schema: z.strictObject({
    id: idSchema,
    name: datasetNameSchema.exactOptional(),
    className: classNameSchema.exactOptional(),
  }),
  run: async ({ id, ...changed }, { datasets }) => await datasets.change(id, changed),
});
