/** @file What a training would be: nothing that is wrong with it is an error. */
import * as z from 'zod';
import { trainPreview } from '../../plans/train-preview.ts';
import { requireNoPaths, trainPaths } from '../../work/page-settings.ts';
import { runNameSchema, settingsSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

/** But for the pictures, which a draft names by the id of their data set. */
const paths = trainPaths.filter((key) => key !== 'images');

export const planTrain = defineOperation({
  name: 'plan.train',
  kind: 'look',
  schema: z.strictObject({
    settings: settingsSchema,
    name: runNameSchema.exactOptional(),
  }),
  run: async (draft, studio) => {
    requireNoPaths(draft.settings, paths);
    const settings = await studio.models.placed(draft.settings);
    return await trainPreview({ ...draft, settings }, studio);
  },
});
