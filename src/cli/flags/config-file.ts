/** @file Configuration files for --config: YAML or JSON with the settings of a schema, strictly checked. */
import { dirname, isAbsolute, join } from 'node:path';
import { optionHint } from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { readSettingsFile } from '../../storage/settings-file.ts';
import { type Field, valueProblem } from './fields.ts';
import { placeholderOf } from './flags.ts';
import { mayBePath, pathProblem } from './given-paths.ts';

/**
 * The settings of a configuration file; nothing is filled in.
 *
 * @throws SystemError where the file cannot be read; FormatError TEXT_ENCODING
 * @throws ConfigError CONFIG_FILE naming the line, or the setting and what it may be
 */
export async function readConfigFile(
  path: string,
  fields: readonly Field[],
): Promise<Record<string, unknown>> {
  const settings = await readSettingsFile(
    path,
    (problem) => new ConfigError('CONFIG_FILE', problem),
  );
  for (const [key, value] of Object.entries(settings)) {
    const field = fields.find((candidate) => candidate.key === key);
    if (field === undefined) {
      throw new ConfigError(
        'CONFIG_FILE',
        `${path}: there is no setting "${key}"${hintFor(key, value, fields)}`,
      );
    }
    const problem = valueProblem(field, value);
    if (problem !== undefined) {
      throw new ConfigError('CONFIG_FILE', `${path}: ${key}: ${problem}`);
    }
  }
  const folder = dirname(path);
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const field = fields.find((candidate) => candidate.key === key);
      if (field === undefined) return [key, value];
      return [key, fromFolder(folder, field.json, value, `${path}: ${key}`)];
    }),
  );
}

/** An option of a method stands in adapterOptions; otherwise the nearest name, or where all of them are. */
function hintFor(key: string, value: unknown, fields: readonly Field[]): string {
  const known = fields.map((candidate) => candidate.key);
  const ofMethod = known.includes('adapterOptions') ? optionHint(key, value) : undefined;
  if (ofMethod !== undefined) return ofMethod;
  return didYouMean(key, known) || '; --help names all, as flags: --learning-rate is learningRate';
}

/** Relative paths of a file lead from its folder, wherever the command was started. */
function fromFolder(folder: string, json: Json, value: unknown, where: string): unknown {
  if (Array.isArray(value)) return value.map((item) => fromFolder(folder, json, item, where));
  if (isRequest(value)) return { ...value, file: fromFolder(folder, json, value.file, where) };
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, own]) => {
      const part = partOf(json, name);
      return [name, part ? fromFolder(folder, part, own, `${where}: ${name}`) : own] as const;
    });
    return Object.fromEntries(parts);
  }
  if (typeof value !== 'string' || value === '' || isAbsolute(value)) return value;
  const placeholder = placeholderOf(json);
  const problem = mayBePath(placeholder) ? pathProblem(value) : undefined;
  if (problem !== undefined) throw new ConfigError('CONFIG_FILE', `${where}: ${problem}`);
  switch (placeholder) {
    case 'dir':
    case 'file':
    case 'file=strength...':
      return join(folder, value);
    case 'base':
    case 'encoder':
      // A name of the hub looks like a path of two parts: a model folder says that it is one with a dot.
      return /^\.\.?(?:$|[/\\])/.test(value) ? join(folder, value) : value;
    default:
      return value;
  }
}

type Json = Field['json'];

/** The type of a part of an object, or of the objects of a list. */
function partOf({ items, properties }: Json, name: string): Json | undefined {
  const object = typeof items === 'object' && !Array.isArray(items) ? items : { properties };
  const part = object.properties?.[name];
  return typeof part === 'object' ? part : undefined;
}

/** An adapter to use, given as an object. */
function isRequest(value: unknown): value is { readonly file: unknown } {
  return typeof value === 'object' && value !== null && 'file' in value;
}
