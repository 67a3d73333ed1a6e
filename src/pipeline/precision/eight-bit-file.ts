/** @file A UNet's weights in eight bits as a file of the cache: found there, computed once where it is not. */
import { invariant, KronaError } from '../../base/errors.ts';
import { byteLengthOf } from '../../formats/safetensors/safetensors-layout.ts';
import { eightBitSpecs, type PartSpec } from '../../models/eight-bit-weights.ts';
import type { ModelWeights } from '../../models/weights.ts';
import type { EightBitPart, EightBitUse } from '../../nn/eight-bit-weight.ts';
import { createHash } from '../../platform/hashes.ts';
import { processEnvironment } from '../../platform/machine.ts';
import { join } from '../../platform/paths.ts';
import { cacheFolder, markUsed, trimCache } from '../../storage/cache-folder.ts';
import { createFolder, removeFile } from '../../storage/files/folders.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import { requireSpace } from '../../storage/free-space.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import { writeSafetensors } from '../../storage/weights/safetensors-writer.ts';
import { readPlace, type WeightPlace } from '../../storage/weights/weight-place.ts';
import { toFloat32 } from '../../tensor/half.ts';
import {
  channelScales,
  channelsLast,
  roundedChannels,
  tapsTurned,
} from '../../tensor/rounded-channels.ts';
import { sameShape, type Tensor } from '../../tensor/tensor.ts';
import type { ConstantsHost } from '../adapters/site-constants.ts';

/** What the cache may hold: several models of the size of Stable Diffusion XL. */
const largestCache = 20e9;
/** Changes with what is rounded and how. */
const version = 1;

type Places = ReadonlyMap<string, WeightPlace>;

/**
 * Where the eight bits of a UNet's weights lie; they are computed and stored where the cache does not have them.
 *
 * @throws SystemError DISK_FULL, or where the cache cannot be written; the signal's reason
 */
export async function eightBitPlaces(
  weights: ModelWeights,
  use: EightBitUse,
  host: ConstantsHost = {},
): Promise<Places> {
  const folder = join(cacheFolder(host.environment ?? processEnvironment), 'eight-bits');
  const specs = eightBitSpecs(weights, use);
  const path = join(folder, `${await keyOf(weights, specs)}.safetensors`);
  const found = await placesIn(path, specs);
  const places = found ?? (await stored({ folder, path, weights, specs }, host));
  if (host.now !== undefined) await markUsed(path, host.now());
  return places;
}

interface Storing {
  readonly folder: string;
  readonly path: string;
  readonly weights: ModelWeights;
  readonly specs: ReadonlyMap<string, PartSpec>;
}

async function stored(storing: Storing, host: ConstantsHost): Promise<Places> {
  const { folder, path, specs } = storing;
  await host.onStart?.();
  await createFolder(folder);
  const bytes = [...specs.values()].reduce((sum, spec) => sum + byteLengthOf(spec), 0);
  await requireSpace({ folder, bytes, what: 'the weights of the base in eight bits' });
  // What is there is not whole.
  await removeFile(path);
  try {
    await write(storing, host);
  } catch (error) {
    // Another process may have been there first.
    if (!(error instanceof KronaError && error.code === 'FILE_EXISTS')) throw error;
  }
  await trimCache(folder, largestCache, new Set([path]));
  const places = await placesIn(path, specs);
  invariant(places !== undefined, `${path} is not what was written`);
  return places;
}

/** Weights are read twice: their scales stand before everything else in the file. */
async function write({ path, weights, specs }: Storing, host: ConstantsHost): Promise<void> {
  const { signal, now, onProgress } = host;
  const names = [...new Set([...specs.values()].map((spec) => spec.of))];
  const began = now?.();
  const read = async (name: string): Promise<Tensor<'f32'>> => {
    signal?.throwIfAborted();
    return toFloat32(await readPlace(entryOf(weights.places, name)));
  };
  const scales = new Map<string, Tensor<'f32'>>();
  for (const name of names) scales.set(name, channelScales(await read(name)));
  let last: { readonly name: string; readonly rounded: Tensor<'i8'> } | undefined;
  let done = 0;
  const roundedOf = async (name: string) => {
    if (last?.name === name) return last.rounded;
    const rounded = roundedChannels(await read(name), entryOf(scales, name));
    last = { name, rounded };
    done += 1;
    const seconds = began === undefined || now === undefined ? undefined : (now() - began) / 1000;
    const left = seconds && (seconds / done) * (names.length - done);
    const progress = { done, total: names.length };
    await onProgress?.(left === undefined ? progress : { ...progress, secondsLeft: left });
    return rounded;
  };
  await writeSafetensors(path, specs, async function* (_, { of, part }) {
    yield bytesOf(part === 'scale' ? entryOf(scales, of) : laidOut(await roundedOf(of), part));
  });
}

function laidOut(whole: Tensor<'i8'>, part: Exclude<EightBitPart, 'scale'>): Tensor<'i8'> {
  if (part === 'rounded') return whole;
  return part === 'forward' ? channelsLast(whole) : tapsTurned(whole);
}

function bytesOf({ data: { buffer, byteOffset, byteLength } }: Tensor): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function entryOf<Entry>(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  invariant(entry !== undefined, `${name} is none of the weights that are rounded`);
  return entry;
}

/** Of all that decides the numbers: the files of the weights, where they lie in them, and what is made of them. */
async function keyOf(
  { places }: ModelWeights,
  specs: ReadonlyMap<string, PartSpec>,
): Promise<string> {
  const names = [...new Set([...specs.values()].map(({ of }) => of))];
  const own = names.flatMap((name) => places.get(name) ?? []);
  const files = [...new Set(own.map(({ file }) => file))];
  const prints = await Promise.all(files.map(fileFingerprint));
  const layout = own.map(({ entry, axes, scale }) => [
    ...[entry.name, entry.dtype, entry.shape, entry.offset, axes, scale],
  ]);
  const parts = [...specs].map(([name, { shape }]) => [name, shape]);
  return createHash('sha256')
    .update(JSON.stringify([version, prints, layout, parts]))
    .digest('hex')
    .slice(0, 40);
}

/** Where a file has all parts; undefined where it is not there or not whole. */
async function placesIn(
  path: string,
  specs: ReadonlyMap<string, PartSpec>,
): Promise<Places | undefined> {
  const file = await openSafetensors(path).catch(() => undefined);
  if (file === undefined) return undefined;
  const places = new Map<string, WeightPlace>();
  for (const [name, { dtype, shape }] of specs) {
    const entry = file.header.entries.get(name);
    if (entry?.dtype !== dtype || !sameShape(entry.shape, shape)) return undefined;
    places.set(name, { entry, file: file.path });
  }
  return places;
}
