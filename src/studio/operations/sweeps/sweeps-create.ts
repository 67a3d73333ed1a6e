/** @file Keeps a sweep that has no problems. */
import { defineOperation } from '../operation.ts';
import { sourceSchema } from './sweep-source-schema.ts';

export const sweepsCreate = defineOperation({
  name: 'sweeps.create',
  kind: 'change',
  schema: sourceSchema,
  run: async ({ source }, { sweeps }) => await sweeps.create(source),
});
