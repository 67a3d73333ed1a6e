/** @file Gives a drawing up; the pictures that are done stay. */
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const drawingsCancel = defineOperation({
  name: 'drawings.cancel',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, { drawings }) => await drawings.cancel(id),
});
