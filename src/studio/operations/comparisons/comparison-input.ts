/** @file Inputs of comparisons: axes with few and short values, and what all cells share. */
import * as z from 'zod';
import { drawSchema } from '../drawings/drawing-input.ts';
import { idSchema, textSchema } from '../input-parts.ts';

/** Values of an axis; what the axes are together is bounded by the number of cells. */
const mostValues = 400;

const axisSchema = z.strictObject({
  name: z.string().min(1).max(100),
  values: z
    .array(z.union([textSchema, z.number(), z.boolean()]))
    .min(1)
    .max(mostValues),
});

const comparisonSchema = z.strictObject({
  x: axisSchema,
  y: axisSchema,
  z: axisSchema.exactOptional(),
  run: idSchema.exactOptional(),
  shared: drawSchema,
});

/** Input of an operation on one comparison. */
export const requestSchema = z.strictObject({ request: comparisonSchema });
