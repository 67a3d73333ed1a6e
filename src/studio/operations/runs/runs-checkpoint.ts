/** @file Has a run write a checkpoint after its step. */
import { tellRun } from '../../../train/folder/orders.ts';
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsCheckpoint = defineOperation({
  name: 'runs.checkpoint',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { runs }) => {
    const { found } = await runs.get(id);
    await tellRun(found.folder, { command: 'checkpoint' });
    return null;
  },
});
