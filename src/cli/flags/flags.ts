/** @file Command-line flags made from a schema's settings, so that flags, help and checks cannot drift apart. */
import { type Command, Option } from 'commander';
import { type Field, readField } from './fields.ts';

/**
 * Adds a flag for every setting.
 *
 * @param group heading of these flags in the help
 */
export function addFlags(command: Command, fields: readonly Field[], group: string): void {
  for (const field of fields) {
    for (const option of optionsOf(field)) {
      command.addOption(option.helpGroup(group));
    }
  }
}

function optionsOf(field: Field): readonly Option[] {
  const text = describe(field);
  if (field.json.type === 'boolean') {
    const negation = field.flag.replace('--', '--no-');
    return [new Option(field.flag, text), new Option(negation, 'the opposite')];
  }
  const option = new Option(`${field.flag} <${placeholderOf(field.json)}>`, text);
  const isRepeatable = field.json.type === 'array' || field.json.type === 'object';
  return [isRepeatable ? option.argParser(collect) : option];
}

/** Parser of a flag that may be given several times: all its values. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What stands for a setting's value in the help: `dir` and `file` are paths. */
export function placeholderOf(json: Field['json']): string {
  if (typeof json.placeholder === 'string') return json.placeholder;
  if (json.enum !== undefined) return 'name';
  if (json.type === 'integer') return 'n';
  if (json.type === 'number') return 'x';
  return 'text';
}

function describe({ description, json }: Field): string {
  const choices = json.enum === undefined ? '' : `: ${json.enum.join(', ')}`;
  return `${description}${choices}${defaultOf(json.default)}`;
}

function defaultOf(value: unknown): string {
  if (value === undefined || value === '') return '';
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return '';
  const shown = Array.isArray(value) ? value.join(',') : String(value);
  return ` (default: ${shown})`;
}

/**
 * The settings that the command line gave, checked one by one; nothing else is filled in.
 *
 * @throws ConfigError FLAG_VALUE naming the flag
 */
export function readFlags(fields: readonly Field[], command: Command): Record<string, unknown> {
  const given = command.opts<Readonly<Record<string, unknown>>>();
  const entries = fields
    .filter(({ key }) => given[key] !== undefined)
    .map((field) => [field.key, readField(field, given[field.key])] as const);
  return Object.fromEntries(entries);
}
