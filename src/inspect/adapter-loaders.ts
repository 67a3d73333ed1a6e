/** @file Where an adapter file will load: as it is, or once it is exported. */
import type { AdapterFile } from '../adapters/index.ts';
import { KronaError } from '../base/errors.ts';
import type { ForeignFormat } from '../exchange/index.ts';
import { writeForeignAdapter } from '../exchange/index.ts';
import { isEmbeddingAdapter } from '../exchange/methods/embedding-tensors.ts';
import { writtenModules } from '../exchange/methods/known-methods.ts';
import type { NameStyle } from '../exchange/names/module-names.ts';
import { type Loading, loadersOf, wordLoaders } from '../exchange/tools/loaders.ts';
import { foreignFormats } from '../exchange/write-adapter.ts';
import type { Site } from '../nn/index.ts';

/** What loads the file as it is. */
export function loadersAsItIs(file: AdapterFile, format: string): readonly Loading[] {
  if (format === 'krona') return [];
  if (format === 'embedding') return wordLoaders(tablesOf(file));
  return loadersOf(writtenModules(file), format as NameStyle);
}

/** A format that holds the adapter without loss, and what loads it then. */
export interface Export {
  readonly format: ForeignFormat;
  readonly loaders: readonly string[];
}

/** What would load the adapter once it is exported. */
export function exportsOf(file: AdapterFile, sites: readonly Site[]): readonly Export[] {
  const formats = Object.keys(foreignFormats) as ForeignFormat[];
  return formats.flatMap((format) => {
    const files = written(file, format, sites);
    if (files === undefined || files.size === 0) return [];
    const style = foreignFormats[format].style(sites);
    const loadings =
      style === undefined || file.placed.every(isEmbeddingAdapter)
        ? wordLoaders(tablesOf(file))
        : loadersOf(writtenModules(file), style);
    return [{ format, loaders: namesOf(loadings) }];
  });
}

/** The programs that load it. */
export function namesOf(loadings: readonly Loading[]): readonly string[] {
  return loadings.flatMap(({ program, obstacle }) => (obstacle === undefined ? [program] : []));
}

function written(file: AdapterFile, format: ForeignFormat, sites: readonly Site[]) {
  try {
    return writeForeignAdapter(file, format, { sites });
  } catch (error) {
    if (error instanceof KronaError) return undefined;
    throw error;
  }
}

function tablesOf({ placed }: AdapterFile): number {
  return placed.filter(isEmbeddingAdapter).reduce((sum, { sites }) => sum + sites.length, 0);
}
