/** @file What a training step of a model takes of this machine. */
import * as z from 'zod';
import { textSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const basesStep = defineOperation({
  name: 'bases.step',
  kind: 'look',
  schema: z.strictObject({ base: textSchema }),
  run: async (settings, { plans, models }) => {
    const { step, isReckoning } = await plans.plan(await models.placed(settings));
    if (step === undefined) return { isReckoning };
    const { problem: _, ...estimate } = step;
    return { isReckoning, step: estimate };
  },
});
