/** @file Has a run draw a preview of a prompt after its step. */
import * as z from 'zod';
import { tellRun } from '../../../train/folder/orders.ts';
import { idSchema, textSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsSample = defineOperation({
  name: 'runs.sample',
  kind: 'change',
  schema: z.strictObject({ id: idSchema, prompt: textSchema.min(1) }),
  run: async ({ id, prompt }, { runs }) => {
    const { found } = await runs.get(id);
    await tellRun(found.folder, { command: 'sample', prompt });
    return null;
  },
});
