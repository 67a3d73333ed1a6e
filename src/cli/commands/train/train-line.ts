/** @file The command line that trains with some settings, to be typed or pasted. */
import { adapters, isAdapterName } from '../../../adapters/index.ts';
import { isAbsolute, relative } from '../../../platform/paths.ts';
import { trainSchema } from '../../../train/train-options.ts';
import { type Field, fieldsOf } from '../../flags/fields.ts';
import { commandLine } from '../../shell/command-line.ts';

const fields = fieldsOf(trainSchema);

/**
 * `krona train --images datasets/dog --subject "sks dog" --a1 8 --out runs/dog`, of the settings that are given.
 *
 * Paths below the folder that the command runs in are written from there.
 */
export function trainLine(settings: Readonly<Record<string, unknown>>): string {
  const words = fields.flatMap((field) => {
    const value = settings[field.key];
    if (value === undefined) return [];
    return field.key === 'adapterOptions' ? optionWords(settings) : wordsOf(field, value);
  });
  return commandLine('train', ...words);
}

function optionWords({ adapter, adapterOptions }: Readonly<Record<string, unknown>>): string[] {
  const method = String(adapter ?? trainSchema.shape.adapter.parse(undefined));
  const options: Readonly<Record<string, unknown>> = { ...Object(adapterOptions) };
  if (!isAdapterName(method)) return [];
  return fieldsOf(adapters[method].schema).flatMap((field) => {
    const value = options[field.key];
    return value === undefined ? [] : wordsOf(field, value);
  });
}

/** A flag with its value, as `readField` reads it. */
function wordsOf({ flag, json }: Field, value: unknown): string[] {
  if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')];
  if (Array.isArray(value)) {
    if (value.some((item) => typeof item === 'object')) {
      return value.flatMap((item) => [flag, JSON.stringify(item)]);
    }
    const texts = value.map(String);
    return json.keepsCommas === true
      ? texts.flatMap((text) => [flag, text])
      : [flag, texts.join(',')];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => [flag, `${name}=${inner}`]);
  }
  const text = String(value);
  return [flag, json.placeholder === 'dir' ? shortPath(text) : text];
}

function shortPath(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative('.', path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
