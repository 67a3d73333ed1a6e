/** @file What programs give, checked where it comes in: who writes no TypeScript is told as well. */
import * as z from 'zod';
import { parseSettings } from '../../base/settings/parse-settings.ts';
import type { PictureSource } from './picture-source.ts';

/** Text that names something: a path, a model. */
export const named = z.string().min(1);

/** A file: its path, or what is in it. */
export const source: z.ZodType<PictureSource> = z.union([
  named,
  z.instanceof(Uint8Array),
  z.instanceof(Blob),
]);

/**
 * Complete options of a call.
 *
 * @param options undefined where a program without types leaves all of them out
 * @param what what they are for, in messages: `converting`
 * @throws ConfigError UNKNOWN_SETTING, INVALID_SETTING
 */
export function checked<Schema extends z.ZodObject>(
  schema: Schema,
  options: object | undefined,
  what: string,
): z.output<Schema> {
  return parseSettings(schema, { given: options ?? {} }, what);
}
