/** @file What a training would be: nothing that is wrong with it is an error. */
import * as z from 'zod';
import { trainPreview } from '../../plans/train-preview.ts';
import { requireNoPaths } from '../../work/page-settings.ts';
import { defineOperation } from '../operation.ts';

/** Characters of a name. */
const longestName = 100;

export const planTrain = defineOperation({
  name: 'plan.train',
  kind: 'look',
  schema: z.strictObject({
    settings: z.record(z.string().max(100), z.unknown()),
    name: z.string().min(1).max(longestName).exactOptional(),
  }),
  run: async (draft, studio) => {
    requireNoPaths(draft.settings, ['out', 'priorImages', 'init']);
    return await trainPreview(draft, studio);
  },
});
