/** @file Models of this machine that can be chosen by their ids. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const modelsList = defineOperation({
  name: 'models.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { models }) => (await models.list()).map(({ path: _, ...model }) => model),
});
