/** @file The series of a run over its steps. */
import * as z from 'zod';
import { thinnedCurve } from '../../runs/thinned-curve.ts';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

export const runsCurve = defineOperation({
  name: 'runs.curve',
  kind: 'look',
  schema: z.strictObject({ id: idSchema, points: z.number().int().min(4).max(10_000) }),
  run: async ({ id, points }, { runs }) => {
    const { journal } = await runs.get(id);
    return thinnedCurve(journal.steps, points);
  },
});
