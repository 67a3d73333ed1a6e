/** @file Parameters and file sizes over the sizes of the first factor. */
import * as z from 'zod';
import { type FamilyName, families, isFamilyName } from '../../../models/families.ts';
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
    const name = familyOf(base) ?? (await models.nameOf(base));
    return await adapterWorkshop.grid({ base: name, settings });
  },
});

/** The family of a published model: its sizes come with the package, and no network is asked. */
function familyOf(base: string): FamilyName | undefined {
  if (isFamilyName(base)) return base;
  const names = Object.keys(families) as FamilyName[];
  return names.find((name) => (families[name].onHub as readonly string[]).includes(base));
}
