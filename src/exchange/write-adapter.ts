/** @file Writing adapters as other tools do, where nothing is lost by it. */
import type { AdapterFile } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { writeEmbedding } from './methods/embedding-tensors.ts';
import { writeDiffusers } from './tools/write-diffusers.ts';
import { kohyaStyle, writeKohya } from './tools/write-kohya.ts';
import { writeOfficial } from './tools/write-official.ts';
import type { AdapterFormat, WriteOptions, WrittenFiles } from './tools/write-options.ts';
import { writePeft } from './tools/write-peft.ts';

/** The formats that can be written; to add one: a file beside this one and a line here. */
export const foreignFormats = {
  kohya: { write: writeKohya, style: kohyaStyle },
  diffusers: { write: writeDiffusers, style: () => 'diffusers' },
  peft: { write: writePeft, style: () => 'peft' },
  official: { write: writeOfficial, style: () => 'processor' },
  embedding: { write: writeEmbedding, style: () => undefined },
} as const satisfies Record<string, AdapterFormat>;

export type ForeignFormat = keyof typeof foreignFormats;

export function isForeignFormat(name: string): name is ForeignFormat {
  return Object.hasOwn(foreignFormats, name);
}

/**
 * The files of an adapter in another tool's format, by name.
 *
 * @throws AdapterError FORMAT_UNFIT where the format cannot hold it without loss, with what can; DTYPE_RANGE
 * @throws ConfigError UNKNOWN_FORMAT
 */
export function writeForeignAdapter(
  file: AdapterFile,
  format: string,
  options: WriteOptions,
): WrittenFiles {
  if (isForeignFormat(format)) return foreignFormats[format].write(file, options);
  const known = Object.keys(foreignFormats);
  throw new ConfigError(
    'UNKNOWN_FORMAT',
    `there is no format "${format}"${didYouMean(format, known)} (there are ${known.join(', ')})`,
  );
}
