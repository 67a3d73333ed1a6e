/** @file The weights of one part of a Hugging Face model folder: a single safetensors file or several shards. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { TensorEntry } from '../formats/safetensors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fileError, systemCodeOf } from './file-errors.ts';
import { readJson } from './json-file.ts';
import { openSafetensors, readTensor, type SafetensorsFile } from './safetensors-file.ts';

/** A tensor's place and the file, with symbolic links resolved, that it lies in. */
export interface WeightPlace {
  readonly entry: TensorEntry;
  readonly file: string;
}

/** All tensors of a model part, wherever they lie. */
export interface WeightFiles {
  readonly folder: string;
  readonly entries: ReadonlyMap<string, WeightPlace>;
  /** Bytes of all tensors as stored. */
  readonly totalBytes: number;
  /** @throws ModelError where no tensor has this name */
  read(name: string): Promise<Tensor>;
}

export interface WeightOptions {
  /**
   * The infix of the file's name, such as `fp16`.
   *
   * @default the file without one, or else the only variant there is
   */
  readonly variant?: string;
}

/** Names that diffusers and transformers give to weight files, before their variant and extension. */
const stems = ['diffusion_pytorch_model', 'model'];

interface Candidate {
  readonly file: string;
  readonly variant: string | undefined;
  readonly isIndex: boolean;
}

/**
 * Opens the weights of one model part.
 *
 * @param folder for example `stable-diffusion/unet`
 * @param what the part's name, for messages
 * @throws ModelError where there are none, several to choose from, or only other formats
 */
export async function openWeights(
  folder: string,
  what: string,
  { variant }: WeightOptions = {},
): Promise<WeightFiles> {
  const files = await listFolder(folder, what);
  const { file, isIndex } = choose(files, { folder, what, variant });
  const path = join(folder, file);
  const opened = isIndex ? await openShards(folder, path, what) : [await openSafetensors(path)];
  const entries = new Map<string, WeightPlace>();
  let totalBytes = 0;
  for (const { path: realPath, header } of opened) {
    for (const [name, entry] of header.entries) {
      const earlier = entries.get(name);
      if (earlier !== undefined) {
        throw new ModelError(
          'WEIGHTS_DUPLICATE',
          `${what}: "${name}" is in two shards, ${earlier.file} and ${realPath}; download the model again`,
        );
      }
      entries.set(name, { entry, file: realPath });
      totalBytes += entry.byteLength;
    }
  }
  return {
    folder,
    entries,
    totalBytes,
    async read(name) {
      const place = entries.get(name);
      if (place === undefined) {
        throw new ModelError(
          'TENSOR_MISSING',
          `${what}: no tensor "${name}" in ${folder}${didYouMean(name, entries.keys())}`,
        );
      }
      return readTensor(place.file, place.entry);
    },
  };
}

async function listFolder(folder: string, what: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (!['ENOENT', 'ENOTDIR'].includes(systemCodeOf(cause))) {
      throw fileError('read', folder, cause);
    }
    throw new ModelError(
      'WEIGHTS_NOT_FOUND',
      `${what}: expected its folder at ${folder}, found none; give a model folder in the diffusers layout`,
      { cause },
    );
  }
}

interface Choice {
  readonly folder: string;
  readonly what: string;
  readonly variant: string | undefined;
}

function choose(files: readonly string[], { folder, what, variant }: Choice): Candidate {
  const candidates = stems.flatMap((stem) => files.flatMap((file) => candidateOf(file, stem)));
  const exact = candidates.find((candidate) => candidate.variant === variant);
  if (exact !== undefined) return exact;
  const variants = [...new Set(candidates.map((candidate) => candidate.variant ?? 'none'))];
  const [only] = candidates;
  if (variant === undefined && only !== undefined && variants.length === 1) return only;
  if (candidates.length > 0) {
    throw new ModelError(
      'WEIGHTS_VARIANT',
      `${what}: expected weights ${variant === undefined ? 'without a variant' : `of variant "${variant}"`} in ${folder}, found variants ${variants.join(', ')}; choose one of these`,
    );
  }
  const pickle = files.find((file) => /\.(bin|ckpt|pt|pth)$/.test(file));
  if (pickle !== undefined) {
    throw new ModelError(
      'WEIGHTS_PICKLE',
      `${what}: expected .safetensors weights in ${folder}, found ${pickle}, a PyTorch pickle, which can run code when it is read; take the .safetensors file of the same model, or save the model again with safe_serialization=True`,
    );
  }
  const lookedFor = stems.map((stem) => `${stem}.safetensors`).join(', ');
  throw new ModelError(
    'WEIGHTS_NOT_FOUND',
    `${what}: no weights in ${folder}: looked for ${lookedFor} and their .index.json, found ${files.join(', ') || 'an empty folder'}`,
  );
}

/** The file as a candidate: none for other names and for single shards, one otherwise. */
function candidateOf(file: string, stem: string): Candidate[] {
  const parts = file.split('.');
  if (parts.shift() !== stem) return [];
  const isIndex = parts.includes('index') && parts.at(-1) === 'json';
  const known = isIndex ? ['safetensors', 'index', 'json'] : ['safetensors'];
  if (!known.every((part) => parts.includes(part)) || parts.length > known.length + 1) return [];
  if (!isIndex && parts.at(-1) !== 'safetensors') return [];
  const variant = parts.find((part) => !known.includes(part));
  if (variant !== undefined && /-\d+-of-\d+$/.test(variant)) return [];
  return [{ file, variant, isIndex }];
}

async function openShards(folder: string, index: string, what: string): Promise<SafetensorsFile[]> {
  const weightMap = parseIndex(await readJson(index, `${what} weight index`), index);
  const shards = new Map<string, SafetensorsFile>();
  for (const [name, file] of weightMap) {
    const shard = shards.get(file) ?? (await openSafetensors(join(folder, file)));
    shards.set(file, shard);
    if (!shard.header.entries.has(name)) {
      throw new ModelError(
        'WEIGHTS_INDEX',
        `${index}: expected tensor "${name}" in ${file}, found none; the shards belong to another model or version, download the folder again`,
      );
    }
  }
  return [...shards.values()];
}

function parseIndex(json: unknown, index: string): [string, string][] {
  const weightMap = isRecord(json) ? json.weight_map : undefined;
  const pairs = isRecord(weightMap) ? Object.entries(weightMap) : [];
  const sound: [string, string][] = [];
  for (const [name, file] of pairs) {
    // A shard lies beside its index: a path could reach any file of the machine.
    if (typeof file === 'string' && !/[/\\]/.test(file)) sound.push([name, file]);
  }
  if (sound.length > 0 && sound.length === pairs.length) return sound;
  throw new ModelError(
    'WEIGHTS_INDEX',
    `${index}: expected "weight_map" to give a file beside the index for every tensor; download the index again`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
