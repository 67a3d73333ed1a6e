/** @file Input of operations on a sweep's file. */
import * as z from 'zod';

/** Characters of a file. */
const longestSource = 200_000;

export const sourceSchema = z.strictObject({ source: z.string().min(1).max(longestSource) });
