/** @file What a sweep would be, or what is wrong with it. */
import { defineOperation } from '../operation.ts';
import { sourceSchema } from './sweep-source-schema.ts';

export const sweepsCheck = defineOperation({
  name: 'sweeps.check',
  kind: 'look',
  schema: sourceSchema,
  run: async ({ source }, { sweeps }) => await sweeps.check(source),
});
