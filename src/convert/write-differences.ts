/** @file Whole differences under kohya's names, a few at a time: together they are as large as the model's weights. */
import {
  type AdapterFile,
  configureAdapter,
  fullChange,
  type PlacedAdapter,
  placeAdapter,
  placeTogether,
  type SiteAdapter,
} from '../adapters/index.ts';
import { invariant } from '../base/errors.ts';
import { readForeignAdapter, type WriteOptions, writeForeignAdapter } from '../exchange/index.ts';
import { decodeSafetensors, type SafetensorsContent } from '../formats/safetensors/safetensors.ts';
import { safetensorsLayout } from '../formats/safetensors/safetensors-layout.ts';
import type { Site } from '../nn/index.ts';
import { DeltaWeights } from '../pipeline/adapters/delta-weights.ts';
import { openSafetensors } from '../storage/weights/safetensors-file.ts';
import { writeSafetensors } from '../storage/weights/safetensors-writer.ts';
import { type DType, elementCount, float32, type Shape, type Tensor } from '../tensor/tensor.ts';
import type { FittingBase, FittingHost } from './adapter-in-form.ts';
import { errorsAgainst, type ReadChange, type SiteError } from './site-errors.ts';

export interface DifferencesOptions {
  readonly path: string;
  readonly file: AdapterFile;
  readonly base: FittingBase;
  readonly write: WriteOptions;
  /** Numbers that are held at once, or those of one site. @default 2 ** 25 */
  readonly numbersAtOnce?: number;
}

export interface Differences {
  readonly placed: readonly PlacedAdapter[];
  /** Of the file as it was read again. */
  readonly errors: readonly SiteError[];
}

/** A tensor of the file: what it is, and the site whose difference it holds. */
interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly site: Site;
}

/**
 * Writes what an adapter changes at every site, whole or not at all, and reads it again.
 *
 * @throws AdapterError DTYPE_RANGE
 * @throws SystemError where it cannot be written
 */
export async function writeDifferences(
  options: DifferencesOptions,
  { listener, signal }: FittingHost = {},
): Promise<Differences> {
  const { path, file, base } = options;
  await using changes = new DeltaWeights(file.placed, file.tensors, base.readWeight);
  const { entries, metadata } = laidOut(changes.sites, options);
  const batches = inBatches(entries, options.numbersAtOnce ?? 2 ** 25);
  let done = 0;
  const load = async (batch: readonly Entry[]) => {
    const own: SiteAdapter[] = [];
    for (const { site } of batch) {
      signal?.throwIfAborted();
      listener?.({ type: 'fitting', site: site.name, done, total: entries.length });
      own.push(fullChange(site, await changes.at(site)));
      done += 1;
    }
    return encoded(own, options).tensors;
  };
  let tensors: ReadonlyMap<string, Tensor> = new Map();
  await writeSafetensors(
    path,
    entries.map((entry) => [entry.name, entry] as const),
    async function* (name) {
      const batch = batches.find(([first]) => first?.name === name);
      if (batch !== undefined) tensors = await load(batch);
      const data = tensors.get(name)?.data;
      invariant(data !== undefined, `${name} is not in its batch`);
      yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    },
    metadata,
  );
  return await readAgain(options, batches, (site) => changes.at(site));
}

/** The tensors of the file in its order, and its metadata; no value is known yet. */
function laidOut(
  sites: readonly Site[],
  options: DifferencesOptions,
): { readonly entries: readonly Entry[]; readonly metadata: Readonly<Record<string, string>> } {
  const { dtype = 'f32' } = options.write;
  // Zeros are the same in any precision.
  const plain = { ...options, write: { ...options.write, dtype: 'f32' as const } };
  const files = sites.map((site) => {
    const { tensors, metadata } = encoded([fullChange(site, float32([site.out, site.in]))], plain);
    const [first] = tensors;
    invariant(first !== undefined, `the difference of ${site.name} is a tensor`);
    const [name, { shape }] = first;
    return { entry: { name, dtype, shape, site }, metadata };
  });
  const specs = files.map(({ entry }) => [entry.name, entry] as const);
  return {
    entries: safetensorsLayout(specs).tensors.map(([, entry]) => entry),
    metadata: files[0]?.metadata ?? {},
  };
}

/** A file of some of the sites. */
function encoded(
  differences: readonly SiteAdapter[],
  { path, file, base, write }: DifferencesOptions,
): SafetensorsContent {
  const part = placeTogether(differences, base.sites);
  const [bytes] = writeForeignAdapter({ ...file, ...part }, 'kohya', write).values();
  invariant(bytes !== undefined, 'differences make a file');
  return decodeSafetensors(bytes, path);
}

/** Neighbours in the file, at least one at once. */
function inBatches(
  entries: readonly Entry[],
  numbersAtOnce: number,
): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const numbers = elementCount(entry.shape);
    const last = batches.at(-1);
    if (last !== undefined && numbers <= room) last.push(entry);
    else batches.push([entry]);
    room = (batches.at(-1) === last ? room : numbersAtOnce) - numbers;
  }
  return batches;
}

async function readAgain(
  { path, base }: DifferencesOptions,
  batches: readonly (readonly Entry[])[],
  change: ReadChange,
): Promise<Differences> {
  const { sites, readWeight } = base;
  const file = await openSafetensors(path);
  const found: Site[] = [];
  const errors: SiteError[] = [];
  for (const batch of batches) {
    const tensors = new Map<string, Tensor>();
    for (const { name } of batch) tensors.set(name, await file.read(name));
    const read = readForeignAdapter(tensors, file.header.metadata, { sites, where: path });
    found.push(...read.placed.flatMap((each) => each.sites));
    errors.push(...(await errorsAgainst(change, read, readWeight)));
  }
  return { placed: [placeAdapter(configureAdapter('dreambooth', {}), found)], errors };
}
