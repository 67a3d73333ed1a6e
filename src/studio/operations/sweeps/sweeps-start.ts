/** @file Begins a sweep, or goes on with it. */
import * as z from 'zod';
import { deviceChoices } from '../../../runtime/index.ts';
import { idSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

/** Processes that share one machine. */
const mostWorkers = 64;

export const sweepsStart = defineOperation({
  name: 'sweeps.start',
  kind: 'change',
  schema: z.strictObject({
    id: idSchema,
    workers: z.number().int().min(1).max(mostWorkers),
    device: z.enum(deviceChoices).exactOptional(),
  }),
  run: async ({ id, workers, device = 'cpu' }, { sweeps }) =>
    await sweeps.start(id, { workers, device }),
});
