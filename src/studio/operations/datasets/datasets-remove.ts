/** @file Removes a data set with its pictures. Files that they were copied from are elsewhere, and stay. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const datasetsRemove = defineOperation({
  name: 'datasets.remove',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { datasets }) => {
    await datasets.remove(id);
    return null;
  },
});
