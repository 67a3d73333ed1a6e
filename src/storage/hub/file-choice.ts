/** @file Which files of a repository in the diffusers layout are needed: configurations, tokenizers, one set of safetensors. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';

/** Files that say what the repository is. */
export const modelIndex = 'model_index.json';
const recommendation = 'krona.json';

/** What the parts of a pipeline hold that we read. */
const weightParts = ['unet', 'vae', 'text_encoder', 'text_encoder_2', 'qformer'];
const tokenizerParts = ['tokenizer', 'tokenizer_2'];
const requiredOfTokenizer = ['merges.txt', 'vocab.json'];
const optionalOfTokenizer = [
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
];
/** What a Q-former's repository may hold beside its weights. */
const optionalOfSubjects = ['qformer/vocab.txt', 'image_processor/preprocessor_config.json'];
/** Schedules: of the samples, and of the noise on what an upscaler enlarges. */
const schedulerParts = ['scheduler', 'low_res_scheduler'];
const schedulerConfig = (part: string): string => `${part}/scheduler_config.json`;

export interface ChoiceOptions {
  /** `owner/name@revision`, for messages. */
  readonly where: string;
  /** The content of model_index.json. */
  readonly index: unknown;
  /** The infix of weight files asked for. */
  readonly variant: string | undefined;
}

/** Pairs of library and class by part; parts that are left out are null or pairs of null. */
const indexSchema = z.record(z.string(), z.unknown());

/**
 * The needed ones of a repository's files. Optional ones come first and model_index.json last, so that a snapshot
 * that was left half made is never taken for a whole one.
 *
 * @throws ModelError HUB_INCOMPLETE, HUB_NO_SAFETENSORS or HUB_NO_VARIANT
 */
export function chooseFiles(
  available: readonly string[],
  { where, index, variant }: ChoiceOptions,
): readonly string[] {
  const names = new Set(available);
  const parts = partsOf(index);
  const optional = tokenizerParts
    .filter((part) => parts.has(part))
    .flatMap((part) => optionalOfTokenizer.map((name) => `${part}/${name}`))
    .concat(recommendation, parts.has('qformer') ? optionalOfSubjects : [])
    .filter((name) => names.has(name));
  const required = [
    ...schedulerParts.filter((part) => parts.has(part)).map(schedulerConfig),
    ...tokenizerParts
      .filter((part) => parts.has(part))
      .flatMap((part) => requiredOfTokenizer.map((name) => `${part}/${name}`)),
    ...weightParts.filter((part) => parts.has(part)).map((part) => `${part}/config.json`),
  ];
  const missing = required.find((name) => !names.has(name));
  if (missing !== undefined) throw incomplete(where, missing);
  const perPart = weightParts
    .filter((part) => parts.has(part))
    .map((part) => ({ part, sets: weightSets(available, part) }));
  requireVariant(perPart, where, variant);
  const weights = perPart.flatMap(({ part, sets }) =>
    chooseSet(sets, { part, where, variant, available }),
  );
  return [...optional, ...required, ...weights, modelIndex];
}

/**
 * The configurations among a repository's files: enough to plan with. model_index.json comes last.
 *
 * @throws ModelError HUB_INCOMPLETE
 */
export function chooseConfigurations(
  available: readonly string[],
  { where, index }: ChoiceOptions,
): readonly string[] {
  const names = new Set(available);
  const parts = partsOf(index);
  const required = [
    ...schedulerParts
      .filter((part) => part === 'scheduler' || parts.has(part))
      .map(schedulerConfig),
    ...weightParts.filter((part) => parts.has(part)).map((part) => `${part}/config.json`),
  ];
  const missing = required.find((name) => !names.has(name));
  if (missing !== undefined) throw incomplete(where, missing);
  return [...(names.has(recommendation) ? [recommendation] : []), ...required, modelIndex];
}

/** What an encoder's repository in the layout of transformers is told by. */
export const encoderIndex = 'config.json';

/**
 * The needed files of an encoder in the layout of transformers: its configuration, which comes last, picture processor,
 * tokenizer and weights. Older ones have only a pickle, which our reader takes apart without executing anything.
 *
 * @throws ModelError HUB_INCOMPLETE or HUB_NO_VARIANT
 */
export function chooseEncoderFiles(
  available: readonly string[],
  { where, variant }: ChoiceOptions,
): readonly string[] {
  const beside = ['preprocessor_config.json', ...requiredOfTokenizer, ...optionalOfTokenizer];
  const optional = beside.filter((name) => available.includes(name));
  const sets = weightSets(available, '');
  requireVariant([{ part: '', sets }], where, variant);
  const pickle = 'pytorch_model.bin';
  const weights =
    sets.length === 0 && available.includes(pickle)
      ? [pickle]
      : chooseSet(sets, { part: '', where, variant, available });
  return [...optional, ...weights, encoderIndex];
}

function partsOf(index: unknown): ReadonlySet<string> {
  const entries = Object.entries(indexSchema.safeParse(index).data ?? {});
  const isNamed = ([, value]: [string, unknown]) =>
    Array.isArray(value) && value.some((element) => typeof element === 'string');
  return new Set(entries.filter(isNamed).map(([part]) => part));
}

function incomplete(where: string, name: string): ModelError {
  return new ModelError(
    'HUB_INCOMPLETE',
    `${where}: expected ${name}, found none; choose a model in the diffusers layout`,
  );
}

/** Files that hold all weights of a part in one variant. */
interface WeightSet {
  readonly variant: string | undefined;
  readonly files: readonly string[];
}

/** diffusers and transformers write the variant before or after a shard's number, or before the extension. */
const weightName =
  /^(?:diffusion_pytorch_model|model)(?:\.([\w-]+?))?(?:-(\d{5})-of-(\d{5}))?(?:\.([\w-]+))?\.safetensors$/;
const indexName =
  /^(?:diffusion_pytorch_model|model)(?:\.([\w-]+))?\.safetensors\.index(?:\.([\w-]+))?\.json$/;

/** `unet/`, or nothing for the repository itself. */
function prefixOf(part: string): string {
  return part === '' ? '' : `${part}/`;
}

/** The complete sets of weights in a part's folder, or the repository's own: single files, or an index with all its shards. */
function weightSets(available: readonly string[], part: string): readonly WeightSet[] {
  const prefix = prefixOf(part);
  const names = available.flatMap((path) =>
    path.startsWith(prefix) ? [path.slice(prefix.length)] : [],
  );
  const weights = names.flatMap((name) => {
    const found = weightName.exec(name);
    return found === null
      ? []
      : [{ name, variant: found[1] ?? found[4], shards: Number(found[3] ?? 0) }];
  });
  const single = weights.filter(({ shards }) => shards === 0);
  const sharded = names.flatMap((name) => {
    const found = indexName.exec(name);
    if (found === null) return [];
    const variant = found[1] ?? found[2];
    const own = weights.filter((file) => file.shards > 0 && file.variant === variant);
    if (own.length === 0 || own.length !== own[0]?.shards) return [];
    return [{ variant, files: [...own.map((file) => file.name), name] }];
  });
  const sets = [...single.map(({ name, variant }) => ({ variant, files: [name] })), ...sharded];
  return sets.map(({ variant, files }) => ({
    variant,
    files: files.map((name) => `${prefix}${name}`),
  }));
}

interface PartSets {
  readonly part: string;
  readonly sets: readonly WeightSet[];
}

/** A variant counts as there where one part has it: others often come without. */
function requireVariant(
  parts: readonly PartSets[],
  where: string,
  variant: string | undefined,
): void {
  if (variant === undefined) return;
  const known = new Set(parts.flatMap(({ sets }) => sets.flatMap((set) => set.variant ?? [])));
  if (known.has(variant)) return;
  const choice =
    known.size === 0
      ? 'it has none; leave the variant out'
      : `it has ${[...known].join(', ')}${didYouMean(variant, known)}`;
  throw new ModelError('HUB_NO_VARIANT', `${where}: no weights of variant "${variant}": ${choice}`);
}

interface SetChoice {
  readonly part: string;
  readonly where: string;
  readonly variant: string | undefined;
  readonly available: readonly string[];
}

/** What was asked for, or else the weights without a variant, or else fp16, or else any. */
function chooseSet(
  sets: readonly WeightSet[],
  { part, where, variant, available }: SetChoice,
): readonly string[] {
  for (const wanted of [variant, undefined, 'fp16']) {
    const found = sets.find((set) => set.variant === wanted);
    if (found !== undefined) return found.files;
  }
  const [any] = sets;
  if (any !== undefined) return any.files;
  const prefix = prefixOf(part);
  const pickle = available.find((path) => path.startsWith(prefix) && path.endsWith('.bin'));
  if (pickle === undefined) throw incomplete(where, `${prefix}*.safetensors`);
  throw new ModelError(
    'HUB_NO_SAFETENSORS',
    `${where}: expected ${prefix}*.safetensors, found only ${pickle}, a PyTorch pickle, which is not taken from the hub; choose a repository or a revision with safetensors (often refs/pr/...), ask for a conversion (https://huggingface.co/spaces/safetensors/convert), or download the folder yourself and give its path`,
  );
}
