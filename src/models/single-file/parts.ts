/** @file The parts of a single-file checkpoint, as if each lay in a folder of its own: same names, read in place. */
import { invariant, ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Value } from '../../graph/index.ts';
import type { TensorFile } from '../../storage/weights/tensor-file.ts';
import type { WeightPlace } from '../../storage/weights/weight-place.ts';
import { type Shape, sameShape } from '../../tensor/tensor.ts';
import type { ClipTextConfig } from '../clip/clip-config.ts';
import { traceUNet } from '../unet/sites.ts';
import type { UNetConfig } from '../unet/unet-config.ts';
import type { VaeConfig } from '../vae/vae-config.ts';
import { textClaims, vaeClaims } from '../weight-claims.ts';
import { checkWeights, type ModelWeights } from '../weights.ts';
import { averageName, type FileKind, type TextLayout, unetPrefix, vaePrefix } from './kinds.ts';
import type { Source } from './source.ts';
import { ldmUNetName } from './unet-names.ts';
import { ldmVaeName } from './vae-names.ts';

/** Configurations of what is in the file. */
export interface CheckpointConfig {
  readonly unet: UNetConfig;
  readonly vae: VaeConfig;
  readonly textEncoders: readonly ClipTextConfig[];
}

/** Something of every part. */
export interface OfParts<T> {
  readonly unet: T;
  readonly vae: T;
  readonly textEncoders: readonly T[];
}

/** The weights of every part under the names that model code uses. */
export interface CheckpointParts extends OfParts<ModelWeights> {
  /** Names of tensors that belong to no part: averages over training, noise schedules, optimizer states. */
  readonly ignored: readonly string[];
}

export interface PartsOptions {
  /** Whether the UNet's weights are their averages over training, in place of the last ones. @default false */
  readonly ema?: boolean | undefined;
}

/**
 * Finds every tensor of every part.
 *
 * @throws ModelError CHECKPOINT_PART where a part is not in the file, CHECKPOINT_EMA where averages are asked for and
 * not all there, WEIGHTS_MISMATCH where a tensor is missing, misshapen or left over, by its name in the file
 */
export function checkpointParts(
  file: TensorFile,
  kind: FileKind,
  config: CheckpointConfig,
  { ema = false }: PartsOptions = {},
): CheckpointParts {
  const used = new Set<string>();
  const part = (rules: PartRules) => findPart(file, rules, { kind, used });
  const rules = rulesOf(kind, config, file.places);
  const last = part(rules.unet);
  const unet = ema ? averaged(last, file, { rules: rules.unet, used }) : last;
  const vae = part(rules.vae);
  const textEncoders = rules.textEncoders.map(part);
  const ignored = [...file.places.keys()].filter((name) => !used.has(name));
  return { unet, vae, textEncoders, ignored };
}

/**
 * Where every weight of a model lies in a checkpoint, by today's name.
 *
 * @param stored the names in a checkpoint, whose layout is followed. @default the usual layout
 */
export function checkpointSources(
  kind: FileKind,
  config: CheckpointConfig,
  stored: ReadonlyMap<string, unknown> = new Map(),
): OfParts<ReadonlyMap<string, Source>> {
  const sources = ({ what, prefix, source, claims }: PartRules) =>
    new Map(
      [...claims.keys()].map((name) => {
        const found = source(name);
        invariant(found !== undefined, `${what}: ${name} has no place in ${kind.title}`);
        return [name, { ...found, name: prefix + found.name }] as const;
      }),
    );
  const { unet, vae, textEncoders } = rulesOf(kind, config, stored);
  return { unet: sources(unet), vae: sources(vae), textEncoders: textEncoders.map(sources) };
}

function rulesOf(
  kind: FileKind,
  config: CheckpointConfig,
  stored: ReadonlyMap<string, unknown>,
): OfParts<PartRules> {
  return {
    unet: {
      what: 'UNet',
      prefix: unetPrefix,
      source: (name) => named(ldmUNetName(config.unet, name)),
      claims: traceUNet(config.unet).weights,
    },
    vae: {
      what: 'VAE',
      prefix: vaePrefix,
      source: (name) => named(ldmVaeName(config.vae, name)),
      claims: vaeClaims(config.vae),
      ignore: /^(loss|logvar)\b/,
    },
    textEncoders: config.textEncoders.map((text, i) => ({
      what: i === 0 ? 'text encoder' : `text encoder ${i + 1}`,
      ...layoutOf(stored, required(kind.texts, i).layouts),
      claims: textClaims(text),
      ignore: unusedText(text),
    })),
  };
}

function named(name: string | undefined): Source | undefined {
  return name === undefined ? undefined : { name };
}

/** The first layout whose table of tokens is there, or else the usual one. */
function layoutOf(
  stored: ReadonlyMap<string, unknown>,
  layouts: readonly TextLayout[],
): TextLayout {
  const found = layouts.find(({ prefix, source }) => {
    const table = source('text_model.embeddings.token_embedding.weight');
    return table !== undefined && stored.has(prefix + table.name);
  });
  const [usual] = layouts;
  const layout = found ?? usual;
  if (layout === undefined) throw new Error('internal: a checkpoint kind lacks a text layout');
  return layout;
}

/** OpenCLIP's tensors that no text encoder uses: buffers, the temperature, and layers after the last one computed. */
function unusedText({ layers, projection }: ClipTextConfig): RegExp {
  const projected = projection === undefined ? '|^text_projection' : '';
  const after = `|^transformer\\.resblocks\\.${layers}\\.`;
  return new RegExp(`position_ids$|^logit_scale$|^attn_mask$${projected}${after}`);
}

interface PartRules extends TextLayout {
  readonly what: string;
  /** Weights that the model asks for, under today's names. */
  readonly claims: ReadonlyMap<string, Value>;
  /** Names below the prefix that carry no weight of the model. */
  readonly ignore?: RegExp;
}

interface Search {
  readonly kind: FileKind;
  /** Names of the file that were found to belong to a part; grows. */
  readonly used: Set<string>;
}

function findPart(file: TensorFile, rules: PartRules, { kind, used }: Search): ModelWeights {
  const { what, prefix, source, claims, ignore } = rules;
  const own = [...file.places.keys()].filter((name) => name.startsWith(prefix));
  if (own.length === 0) {
    throw new ModelError(
      'CHECKPOINT_PART',
      `${file.path}: no ${what}: expected tensors named "${prefix}..."; take the full checkpoint of the model, with UNet, VAE and text encoder in one file`,
    );
  }
  const places = new Map<string, WeightPlace>();
  /** The same under the names of the file, for messages. */
  const foundAs = new Map<string, WeightPlace>();
  const claimedAs = new Map<string, Value>();
  for (const [name, value] of claims) {
    const from = source(name);
    const stored = from === undefined ? name : prefix + from.name;
    const shown = from?.third === undefined ? stored : `${stored} (${thirdNames[from.third]})`;
    claimedAs.set(shown, value);
    const place = file.places.get(stored);
    if (from === undefined || place === undefined) continue;
    used.add(stored);
    const part = partOf(place, from, value.shape);
    places.set(name, part);
    foundAs.set(shown, part);
  }
  for (const name of own) {
    if (used.has(name)) continue;
    const place = file.places.get(name);
    if (ignore?.test(name.slice(prefix.length)) || place === undefined) continue;
    foundAs.set(name, place);
  }
  const totalBytes = [...places.values()].reduce((sum, { entry }) => sum + entry.byteLength, 0);
  const weights = { what, folder: file.path, configuration: kind.title, totalBytes };
  checkWeights({ ...weights, places: foundAs }, claimedAs);
  return { ...weights, places };
}

const thirdNames = ['query', 'key', 'value'] as const;

interface AveragedSearch extends Pick<Search, 'used'> {
  readonly rules: PartRules;
}

/** The averages of a part's weights. */
function averaged(
  weights: ModelWeights,
  file: TensorFile,
  { rules, used }: AveragedSearch,
): ModelWeights {
  const { prefix, source } = rules;
  const missing: string[] = [];
  const places = new Map<string, WeightPlace>();
  for (const [name, last] of weights.places) {
    const from = source(name);
    const stored = averageName(prefix + (from?.name ?? name));
    const found = file.places.get(stored);
    const place = found && partOf(found, from ?? { name }, last.entry.shape);
    if (place === undefined || !sameShape(place.entry.shape, last.entry.shape))
      missing.push(stored);
    else places.set(name, place);
    used.add(stored);
  }
  if (missing.length === 0) return { ...weights, places };
  throw new ModelError(
    'CHECKPOINT_EMA',
    `${file.path}: ${missing.length} of the ${weights.places.size} averages of the ${weights.what} are not in the file or of another shape, such as "${missing[0]}"; switch "ema" off to take the weights themselves`,
  );
}

/** The part of a stored tensor that a weight of this shape is; left as it is where it does not fit. */
function partOf(place: WeightPlace, source: Source, shape: Shape): WeightPlace {
  const part = source.third === undefined ? place : rowsOf(place, source.third);
  return source.transposed === true ? transposed(part) : reshapedByOnes(part, shape);
}

/** A third of the rows, which lie one after the other. */
function rowsOf(place: WeightPlace, third: number): WeightPlace {
  const { entry, axes } = place;
  const [rows = 0, ...rest] = entry.shape;
  if (rows % 3 !== 0 || (axes !== undefined && axes[0] !== 0)) return place;
  const byteLength = entry.byteLength / 3;
  const offset = entry.offset + third * byteLength;
  return { ...place, entry: { ...entry, shape: [rows / 3, ...rest], offset, byteLength } };
}

/** A matrix read with its axes exchanged. */
function transposed({ entry, file, axes }: WeightPlace): WeightPlace {
  const turned = { ...entry, shape: entry.shape.toReversed() };
  return axes === undefined ? { entry: turned, file, axes: [1, 0] } : { entry: turned, file };
}

/** A 1×1 convolution's weight as a matrix, or the other way round: the bytes are the same. */
function reshapedByOnes(place: WeightPlace, shape: Shape): WeightPlace {
  const { entry, axes } = place;
  const [shorter = [], longer = []] = [entry.shape, shape].sort((a, b) => a.length - b.length);
  const fits = longer.every((size, i) => size === (i < shorter.length ? shorter[i] : 1));
  if (axes !== undefined || entry.shape.length === shape.length || !fits) return place;
  return { ...place, entry: { ...entry, shape } };
}
