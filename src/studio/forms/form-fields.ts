/** @file The fields of a form, from the schema that checks its values. */
import * as z from 'zod';
import { type SettingPlace, settingGroups } from '../../base/settings/setting-place.ts';
import type { FormField } from '../interface/form-operations.ts';

interface FieldOptions {
  /** Settings that a page does not give: it names no files, and has other ways to choose a run. */
  readonly without?: ReadonlySet<string>;
  /** What the command calls a setting. */
  readonly flagOf: ((key: string) => string) | undefined;
  /** Place of what says none. */
  readonly place?: SettingPlace;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The fields of a schema, by group and in its order. */
export function formFields(
  schema: z.ZodObject,
  { without = new Set(), flagOf, place }: FieldOptions,
): readonly FormField[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const fields = Object.keys(schema.shape)
    .filter((key) => !without.has(key))
    .map((key) => fieldOf(key, objectOf(properties[key]), { flagOf, place }));
  const order = (group: string) => (settingGroups as readonly string[]).indexOf(group);
  return fields.sort((a, b) => order(a.group) - order(b.group));
}

function fieldOf(
  key: string,
  json: JsonSchema,
  { flagOf, place: usual }: Pick<FieldOptions, 'flagOf'> & { place: SettingPlace | undefined },
): FormField {
  const {
    description = '',
    default: preset,
    place,
    placeholder: _,
    keepsCommas: __,
    ...schema
  } = json;
  const { group = 'machine', level = 'all' } = (place ?? usual ?? {}) as Partial<SettingPlace>;
  return { key, group, level, schema, description, default: preset ?? null, flag: flagOf?.(key) };
}

function objectOf(value: JsonSchema | boolean | undefined): JsonSchema {
  return typeof value === 'object' ? value : {};
}
