/** @file One run with its settings, samples and checkpoints. */
import { detailOf } from '../../runs/run-words.ts';
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsGet = defineOperation({
  name: 'runs.get',
  kind: 'look',
  schema: oneSchema,
  run: async ({ id }, studio) => await detailOf(await studio.runs.get(id), studio),
});
