/** @file What inputs of working on adapters are made of. */
import * as z from 'zod';

/** Of an adapter that will be made; what cannot be the name of a file is refused by who makes it. */
export const newNameSchema = z.string().min(1).max(400);

/** A model: its name, or its id. */
export const modelSchema = z.string().min(1).max(400);

/** Presets and patterns of weights. */
export const targetsSchema = z.array(z.string().min(1).max(1000)).min(1).max(50);
