/** @file What numbers in a model's configuration may be: far above any model, and low enough that its graph can be traced. */
import * as z from 'zod';

/** Channels, features, tokens, pixels. */
export const dimension = z.number().int().positive().max(1_048_576);

/** Layers, blocks, heads and groups. */
export const blockCount = z.number().int().positive().max(1024);
