/** @file Extracting an adapter from one checkpoint and another, into a file. */
import { encodeAdapterFile } from '../adapters/index.ts';
import { chooseSites, type Site } from '../nn/index.ts';
import { baseSites } from '../pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { dirname } from '../platform/paths.ts';
import { writeNewFile } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireNewFile } from '../storage/files/new-path.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type ExtractHost, type Extraction, extractAdapter } from './extract.ts';
import type { Form } from './forms.ts';

export interface ExtractFromOptions {
  /** The tuned checkpoint: a folder, a file, or owner/name of the hub. */
  readonly from: string;
  /** What it was tuned from. */
  readonly base: string;
  /** The adapter's new file. */
  readonly out: string;
  /** Presets and patterns of the weights that the adapter may change. */
  readonly targets: readonly string[];
  /** The forms to try on these sites; `base` is as the file will name it. */
  readonly forms: (about: {
    readonly sites: readonly Site[];
    readonly base: { readonly name: string; readonly sites: number };
  }) => readonly [Form, ...Form[]];
}

/** What was written, and its bytes. */
export interface ExtractedFile extends Extraction {
  readonly bytes: number;
}

/**
 * Takes the difference of two checkpoints and writes the nearest adapter, whole or not at all.
 *
 * @throws ConfigError OUT_EXISTS, NO_SITES, or what `forms` throws; ModelError as extractAdapter
 */
export async function extractFrom(
  { from, base: name, out, targets, forms }: ExtractFromOptions,
  { hub, ...host }: ExtractHost & { readonly hub: HubHost },
): Promise<ExtractedFile> {
  await requireNewFile(out);
  const tuned = await openBaseModel(from, hub);
  const base = await openBaseModel(name, hub);
  const all = baseSites(base);
  const sites = chooseSites(all, targets);
  const wanted = forms({ sites, base: { name: base.name, sites: all.length } });
  const made = await extractAdapter({ tuned, base, sites, targets, forms: wanted }, host);
  const bytes = encodeAdapterFile(made.file);
  await createFolder(dirname(out));
  await writeNewFile(out, bytes);
  return { ...made, bytes: bytes.byteLength };
}
