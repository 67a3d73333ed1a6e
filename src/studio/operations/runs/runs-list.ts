/** @file All runs under the work folder, the latest first. */
import { summaryOf } from '../../runs/run-words.ts';
import { nothingSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsList = defineOperation({
  name: 'runs.list',
  kind: 'look',
  schema: nothingSchema,
  run: async (_, { runs }) => (await runs.list()).map(summaryOf),
});
