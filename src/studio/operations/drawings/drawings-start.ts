/** @file Puts a drawing in line. */
import { defineOperation } from '../operation.ts';
import { drawSchema } from './drawing-input.ts';

export const drawingsStart = defineOperation({
  name: 'drawings.start',
  kind: 'change',
  schema: drawSchema,
  run: async (request, { drawings }) => await drawings.start(request),
});
