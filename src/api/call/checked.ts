/** @file What programs give, checked where it comes in: who writes no TypeScript is told as well. */
import * as z from 'zod';
import { parseSettings } from '../../base/settings/parse-settings.ts';

/** Text that names something: a path, a model. */
export const named = z.string().min(1);

/** The bytes of a file. */
export const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);

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
