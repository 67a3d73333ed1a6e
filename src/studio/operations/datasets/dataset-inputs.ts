/** @file What inputs of operations on data sets are made of. */
import * as z from 'zod';
import { idSchema } from '../input-parts.ts';

const lineSchema = z
  .string()
  .trim()
  .regex(/^\P{Cc}*$/u, 'expected text in one line');

export const datasetNameSchema = lineSchema.min(1).max(120);

/** `dog`, `alarm clock`; may be empty. */
export const classNameSchema = lineSchema.max(60);

/** A picture of a data set by its file's name, which is looked for in a listing. */
export const datasetPictureSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(400),
});
