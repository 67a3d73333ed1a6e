/** @file What a tuned model learned, as an adapter in the work folder's `adapters`. */
import * as z from 'zod';
import { extractFormSchema } from '../../../api/extracting.ts';
import { defineOperation } from '../operation.ts';
import { modelSchema, newNameSchema, targetsSchema } from './adapter-input.ts';

export const adaptersExtract = defineOperation({
  name: 'adapters.extract',
  kind: 'change',
  schema: z.strictObject({
    base: modelSchema,
    tuned: modelSchema,
    name: newNameSchema,
    settings: z.strictObject({
      form: extractFormSchema.exactOptional(),
      targets: targetsSchema.exactOptional(),
    }),
  }),
  run: async (input, { adapterWorkshop }) => await adapterWorkshop.extract(input),
});
