/** @file An adapter in the format of another tool, as a file to be downloaded. */
import * as z from 'zod';
import { formSchema } from '../../../api/adapter-form.ts';
import { targetNames } from '../../../convert/targets.ts';
import { storedDTypes } from '../../../tensor/half.ts';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const adaptersConvert = defineOperation({
  name: 'adapters.convert',
  kind: 'change',
  schema: z.strictObject({
    id: idSchema,
    settings: z.strictObject({
      to: z.enum(targetNames),
      form: formSchema.exactOptional(),
      dtype: z.enum(storedDTypes).exactOptional(),
      blocks: z.enum(['diffusers', 'sgm']).exactOptional(),
    }),
  }),
  run: async (input, { adapterWorkshop }) => await adapterWorkshop.convert(input),
});
