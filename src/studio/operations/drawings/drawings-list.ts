/** @file Drawings that compute, wait or have ended lately. */
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const drawingsList = defineOperation({
  name: 'drawings.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { drawings }) => drawings.list(),
});
