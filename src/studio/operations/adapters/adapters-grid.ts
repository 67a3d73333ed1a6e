/** @file Parameters and file sizes over the sizes of the first factor. */
import * as z from 'zod';
import { familyOfBase, isFamilyName } from '../../../models/families.ts';
import { defineOperation } from '../operation.ts';
import { modelSchema, targetsSchema } from './adapter-input.ts';

export const adaptersGrid = defineOperation({
  name: 'adapters.grid',
  kind: 'look',
  schema: z.strictObject({
    base: modelSchema,
    settings: z.strictObject({ targets: targetsSchema.exactOptional() }),
  }),
  run: async ({ base, settings }, { adapterWorkshop, models }) => {
    // The sizes of a published model come with the package, and no network is asked.
    const family = isFamilyName(base) ? base : familyOfBase(base);
    const name = family ?? (await models.nameOf(base));
    return await adapterWorkshop.grid({ base: name, settings });
  },
});
