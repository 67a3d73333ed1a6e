/** @file The weights of one part of a Hugging Face model folder: a single file or several shards, safetensors or PyTorch's. */
import { ModelError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { isRecord } from '../../base/record.ts';
import { readdir } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';
import { readJson } from '../files/json-file.ts';
import { isPathName, pathInside } from '../files/path-inside.ts';
import { openTensorFile, type TensorFile } from './tensor-file.ts';
import { readPlace, type WeightPlace } from './weight-place.ts';

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
  /**
   * A variant to take where there is one; as if not given where there is none.
   *
   * @default none
   */
  readonly preferred?: string | undefined;
}

/** Names that diffusers and transformers give to weight files, before their variant and extension. */
const stems = ['diffusion_pytorch_model', 'model', 'pytorch_model'];

/** Formats by ending, the preferred first. */
const endings = ['safetensors', 'bin'] as const;

interface Candidate {
  readonly file: string;
  readonly variant: string | undefined;
  readonly isIndex: boolean;
  readonly ending: (typeof endings)[number];
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
  { variant, preferred }: WeightOptions = {},
): Promise<WeightFiles> {
  const files = await listFolder(folder, what);
  const { file, isIndex } = choose(files, { folder, what, variant, preferred });
  const path = join(folder, file);
  const opened = isIndex ? await openShards(folder, path, what) : [await openTensorFile(path)];
  const entries = new Map<string, WeightPlace>();
  let totalBytes = 0;
  for (const { path: realPath, places } of opened) {
    for (const [name, place] of places) {
      const earlier = entries.get(name);
      if (earlier !== undefined) {
        throw new ModelError(
          'WEIGHTS_DUPLICATE',
          `${what}: "${name}" is in two shards, ${earlier.file} and ${realPath}; download the model again`,
        );
      }
      entries.set(name, place);
      totalBytes += place.entry.byteLength;
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
      return readPlace(place);
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
  readonly preferred: string | undefined;
}

function choose(files: readonly string[], { folder, what, variant, preferred }: Choice): Candidate {
  const all = stems.flatMap((stem) => files.flatMap((file) => candidateOf(file, stem)));
  const ending = endings.find((one) => all.some((candidate) => candidate.ending === one));
  const candidates = all.filter((candidate) => candidate.ending === ending);
  const ofVariant = (wanted: string | undefined) =>
    candidates.find((candidate) => candidate.variant === wanted);
  const exact = (preferred && ofVariant(preferred)) || ofVariant(variant);
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
  const lookedFor = stems.map((stem) => `${stem}.safetensors or .bin`).join(', ');
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
  const ending = endings.find((one) => (isIndex ? parts.includes(one) : parts.at(-1) === one));
  if (ending === undefined) return [];
  const known = isIndex ? [ending, 'index', 'json'] : [ending];
  if (parts.length > known.length + 1) return [];
  const variant = parts.find((part) => !known.includes(part));
  if (variant !== undefined && /-\d+-of-\d+$/.test(variant)) return [];
  return [{ file, variant, isIndex, ending }];
}

async function openShards(folder: string, index: string, what: string): Promise<TensorFile[]> {
  const weightMap = parseIndex(await readJson(index, `${what} weight index`), index);
  const shards = new Map<string, TensorFile>();
  for (const [name, file] of weightMap) {
    const shard = shards.get(file) ?? (await openTensorFile(pathInside(folder, file, index)));
    shards.set(file, shard);
    if (!shard.places.has(name)) {
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
    if (typeof file !== 'string' || file.includes('/') || !isPathName(file)) continue;
    sound.push([name, file]);
  }
  if (sound.length > 0 && sound.length === pairs.length) return sound;
  throw new ModelError(
    'WEIGHTS_INDEX',
    `${index}: expected "weight_map" to give a file beside the index for every tensor; download the index again`,
  );
}
