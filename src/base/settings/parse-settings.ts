/** @file Settings in layers, checked by a schema: what was given over what is recommended over what is usual. */
import type * as z from 'zod';
import { ConfigError } from '../errors.ts';
import { schemaProblems } from '../messages/schema-problems.ts';
import { didYouMean } from '../nearest.ts';

type Values = Readonly<Record<string, unknown>>;

/** Where settings come from; a later one wins. What is left out there takes the schema's default. */
export interface SettingLayers {
  readonly defaults?: Values;
  readonly recommended?: Values;
  /** Undefined values are none, so that they do not hide a recommendation. */
  readonly given: object;
  /** For messages: what to say of a setting that is none here; undefined where its nearest name is said. */
  readonly hintFor?: (key: string, value: unknown) => string | undefined;
}

/**
 * Complete settings.
 *
 * @param what what they are for, in messages: `training`
 * @param refuse makes an error of what is wrong
 * @throws ConfigError UNKNOWN_SETTING with the nearest name, or INVALID_SETTING; or what `refuse` makes
 */
export function parseSettings<Schema extends z.ZodObject>(
  schema: Schema,
  { defaults, recommended, given, hintFor }: SettingLayers,
  what: string,
  refuse = (problem: string, code: string): Error => new ConfigError(code, problem),
): z.output<Schema> {
  const merged = { ...defaults, ...recommended, ...withoutUndefined(given) };
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(merged).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const hint = hintFor?.(unknown, merged[unknown]) ?? didYouMean(unknown, known);
    throw refuse(`there is no setting "${unknown}" for ${what}${hint}`, 'UNKNOWN_SETTING');
  }
  const parsed = schema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw refuse(schemaProblems(schema, merged, parsed.error), 'INVALID_SETTING');
}

/** Without keys whose value is undefined. */
export function withoutUndefined(values: object): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
