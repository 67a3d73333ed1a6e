/** @file Several adapters as one, in the work folder's `adapters`. */
import * as z from 'zod';
import { formSchema } from '../../../api/adapter-form.ts';
import { usedAdapterSchema } from '../drawings/drawing-input.ts';
import { defineOperation } from '../operation.ts';
import { newNameSchema } from './adapter-input.ts';

export const adaptersMerge = defineOperation({
  name: 'adapters.merge',
  kind: 'change',
  schema: z.strictObject({
    adapters: z.array(usedAdapterSchema).min(1).max(20),
    name: newNameSchema,
    settings: z.strictObject({ form: formSchema.exactOptional() }),
  }),
  run: async (input, { adapterWorkshop }) => await adapterWorkshop.merge(input),
});
