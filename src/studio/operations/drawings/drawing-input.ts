/** @file Inputs of drawing. Settings are checked by generating itself, before anything is computed. */
import * as z from 'zod';
import { idSchema, settingsSchema } from '../input-parts.ts';

const strength = z.number().min(-100).max(100);

/** An adapter by its id, and how strong it is. */
export const usedAdapterSchema = z.strictObject({ id: idSchema, strength });

/** What to draw. */
export const drawSchema = z.strictObject({
  base: z.string().min(1).max(1000).exactOptional(),
  adapters: z.array(usedAdapterSchema).max(20),
  settings: settingsSchema,
  initImage: idSchema.exactOptional(),
  mask: idSchema.exactOptional(),
});
