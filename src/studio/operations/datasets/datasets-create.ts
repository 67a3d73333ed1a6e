/** @file A new data set, empty or a copy. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';
import { classNameSchema, datasetNameSchema } from './dataset-inputs.ts';

export const datasetsCreate = defineOperation({
  name: 'datasets.create',
  kind: 'change',
  schema: z.strictObject({
    name: datasetNameSchema,
    className: classNameSchema.exactOptional(),
    copyOf: idSchema.exactOptional(),
  }),
  run: async (input, { datasets }) => await datasets.create(input),
});
