/** @file Settings of a schema, one by one: how each is flagged, described, read from text and checked. */
import * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { lastOf } from '../../base/required.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** One setting of a schema. */
export interface Field {
  /** As in configurations: `learningRate`. */
  readonly key: string;
  /** As on the command line: `--learning-rate`. */
  readonly flag: string;
  readonly description: string;
  /** Its type and limits, as JSON schema; `placeholder` stands for its value in the help where its type does not say it well. */
  readonly json: JsonSchema;
  readonly check: z.core.$ZodType;
}

/** The settings of a schema, in its order. */
export function fieldsOf(schema: z.ZodObject): readonly Field[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(schema.shape).map(([key, check]) => {
    const json = jsonSchema(properties[key]);
    return { key, flag: flagOf(key), description: json.description ?? '', json, check };
  });
}

function jsonSchema(value: JsonSchema | boolean | undefined): JsonSchema {
  return typeof value === 'object' ? value : {};
}

/** `--learning-rate` of `learningRate`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What a setting may be: `a whole number above 0`. */
export function expectation(json: JsonSchema): string {
  if (json.enum !== undefined) return `one of ${json.enum.join(', ')}`;
  switch (json.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number':
      return `a ${json.type === 'integer' ? 'whole ' : ''}number${range(json)}`;
    case 'array':
      return listExpectation(json);
    case 'object':
      return 'pairs such as name=value, or a JSON object';
    default:
      return typeof json.expects === 'string' ? json.expects : 'a text';
  }
}

function listExpectation(json: JsonSchema): string {
  const { minItems = 0 } = json;
  const parts = partsOf(json);
  if (parts !== undefined) {
    const needed = parts.required.map((name) => `${name}=...`).join(',');
    return `${needed || 'pairs'} with any of ${parts.names.join(', ')}, or a JSON object, one a flag`;
  }
  const each = itemsOf(json);
  if (each.enum !== undefined) return `any of ${each.enum.join(', ')}`;
  const kinds: Readonly<Record<string, string>> = { integer: 'whole numbers', number: 'numbers' };
  const kind = kinds[String(each.type)];
  return `a list of ${minItems > 0 ? 'one or more' : 'any number of'} ${kind === undefined ? 'texts' : `${kind}${range(each)}`}`;
}

function range(json: JsonSchema): string {
  const { minimum, exclusiveMinimum, exclusiveMaximum, multipleOf } = json;
  // Zod states the largest safe integer for every integer, which tells nobody anything.
  const maximum = json.maximum === Number.MAX_SAFE_INTEGER ? undefined : json.maximum;
  const lower = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`;
  const upper = exclusiveMaximum === undefined ? maximum : `below ${exclusiveMaximum}`;
  const limits = [
    ...(lower === undefined ? [] : [exclusiveMinimum === undefined ? `at least ${lower}` : lower]),
    ...(upper === undefined ? [] : [exclusiveMaximum === undefined ? `at most ${upper}` : upper]),
    ...(multipleOf === undefined ? [] : [`a multiple of ${multipleOf}`]),
  ];
  return limits.length === 0 ? '' : ` ${limits.join(', ')}`;
}

/**
 * The value of a flag's text, checked against its setting.
 *
 * @param given what the command line held: all texts of a repeatable flag, or true and false for a switch
 * @throws ConfigError FLAG_VALUE
 */
export function readField(field: Field, given: unknown): unknown {
  const value = valueFrom(field, given);
  const problem = valueProblem(field, value, typeof value === 'string' ? given : value);
  if (problem === undefined) return value;
  throw new ConfigError('FLAG_VALUE', `${field.flag}: ${problem}`);
}

/**
 * What is wrong with a value, and what may be; of one with parts, which part.
 *
 * @param written what is shown of it
 */
export function valueProblem(field: Field, value: unknown, written = value): string | undefined {
  const { check, json, description } = field;
  const parsed = z.safeParse(check, value);
  if (parsed.success) return undefined;
  if (json.type === 'object' || partsOf(json) !== undefined) {
    return `${schemaProblems(check, value, parsed.error)} (${description}; ${expectation(json)})`;
  }
  // JSON has no Infinity, which YAML has.
  const shown = typeof written === 'number' ? String(written) : JSON.stringify(written);
  return `expected ${expectation(json)}, got ${shown} (${description})`;
}

function wrongValue(field: Field, shown: string): ConfigError {
  return new ConfigError(
    'FLAG_VALUE',
    `${field.flag}: expected ${expectation(field.json)}, got ${shown} (${field.description})`,
  );
}

function valueFrom(field: Field, given: unknown): unknown {
  const texts = Array.isArray(given) ? given.map(String) : [String(given)];
  switch (field.json.type) {
    case 'boolean':
      return given;
    case 'integer':
    case 'number':
      return numberOf(lastOf(texts));
    case 'array':
      if (partsOf(field.json) !== undefined) return texts.map((text) => objectOf(field, text));
      return field.json.keepsCommas === true
        ? texts
        : texts
            .flatMap((text) => text.split(','))
            .filter((text) => text !== '')
            .map((text) => partValue(itemsOf(field.json), text));
    case 'object':
      return Object.assign({}, ...texts.map((text) => pairs(field, text)));
    default:
      return lastOf(texts);
  }
}

/** A number where the text is one, otherwise the text, which the check then refuses. */
function numberOf(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? text : value;
}

/** What a list is of. */
function itemsOf({ items }: JsonSchema): JsonSchema {
  return items === undefined || Array.isArray(items) ? {} : jsonSchema(items);
}

/** Of a list of objects, what these hold. */
function partsOf(list: JsonSchema):
  | {
      readonly names: readonly string[];
      readonly required: readonly string[];
      readonly json: JsonSchema;
    }
  | undefined {
  const json = itemsOf(list);
  if (json.type !== 'object' || json.properties === undefined) return undefined;
  return { names: Object.keys(json.properties), required: json.required ?? [], json };
}

/**
 * An object of a list, written as JSON or as images=my-cat,subject=sks cat. A comma is one of a value unless a word with =
 * follows, which is a name, so that one that there is not is refused and not taken for a piece of a value.
 */
function objectOf(field: Field, text: string): unknown {
  if (text.trimStart().startsWith('{')) return pairs(field, text);
  const { json = {} } = partsOf(field.json) ?? {};
  const words = text.split(/,\s*(?=[A-Za-z][\w-]*=)/);
  const entries = words.map((word) => {
    const [name = '', value] = word.split(/=(.*)/s);
    if (value === undefined) throw wrongValue(field, JSON.stringify(text));
    return [name, partValue(jsonSchema(json.properties?.[name]), value)] as const;
  });
  return Object.fromEntries(entries);
}

function partValue({ type }: JsonSchema, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return type === 'integer' || type === 'number' ? numberOf(text) : text;
}

/** `{ "to_q": [4, 64] }`, written as JSON or as to_q=4,64. */
function pairs(field: Field, text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      throw wrongValue(field, JSON.stringify(text));
    }
  }
  const separator = text.indexOf('=');
  if (separator < 1) throw wrongValue(field, JSON.stringify(text));
  const values = text
    .slice(separator + 1)
    .split(',')
    .map(numberOf);
  const isList = jsonSchema(field.json.additionalProperties).type === 'array';
  return { [text.slice(0, separator)]: isList ? values : values[0] };
}
