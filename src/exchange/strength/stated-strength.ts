/** @file Alpha and rank as files state them beside their tensors: PEFT's configurations, and keys of the header. */
import * as z from 'zod';
import { parsePythonJson } from '../../formats/python-json.ts';
import { type PeftConfig, parseDiffusersMetadata, parsePeftConfig } from '../tools/peft-config.ts';

/** What ΔW is multiplied by: alpha / rank, or alpha / √rank. */
export interface StatedAlpha {
  readonly alpha: number;
  /** Undefined where only alpha is stated. */
  readonly rank: number | undefined;
  readonly rankStabilized: boolean;
}

/** The module that is asked for. */
export interface StatedFor {
  /** The part of the pipeline: `unet`. */
  readonly part: string;
  /** Path in the part. */
  readonly path: string;
  /** Whether its kernel has more than one tap. */
  readonly isConvolution: boolean;
}

/** One place that states alpha. */
export interface Statement {
  /** For messages: `the header (unet.lora_alpha, unet.r)` */
  readonly source: string;
  /** Whether every program that reads such files reads it there. */
  readonly isUsual: boolean;
  readonly at: (module: StatedFor) => StatedAlpha | undefined;
}

/**
 * What a header states of alpha and rank, for people: `alpha 1, rank 4 in the header (unet.lora_alpha, unet.r)`.
 *
 * @throws FormatError PEFT_CONFIG where diffusers' metadata are damaged
 */
export function statedAlphas(metadata: Metadata, where: string): readonly string[] {
  const text = metadata.lora_adapter_metadata;
  const parts = text === undefined ? new Map() : parseDiffusersMetadata(text, where);
  const module = { path: '', isConvolution: false };
  const shown = ({ alpha, rank, rankStabilized }: StatedAlpha) =>
    [
      `alpha ${alpha}`,
      ...(rank === undefined ? [] : [`rank ${rank}`]),
      ...(rankStabilized ? ['rank-stabilised'] : []),
    ].join(', ');
  const ofDiffusers = [...parts].map(
    ([part, config]) => `${shown(config.at(''))} for ${part} in the header (lora_adapter_metadata)`,
  );
  const flat = headerStatements(metadata, where).flatMap(({ source, at }) => {
    const found = prefixes
      .map((prefix) => at({ ...module, part: prefix.replace('.', '') }))
      .find((stated) => stated !== undefined);
    return found === undefined ? [] : [`${shown(found)} in ${source}`];
  });
  return [...ofDiffusers, ...flat];
}

/** What a configuration of PEFT states. */
export function peftStatement(
  source: string,
  config: (part: string) => PeftConfig | undefined,
): Statement {
  return { source, isUsual: true, at: ({ part, path }) => config(part)?.at(path) };
}

type Metadata = Readonly<Record<string, string>>;

/** Part of the pipeline that a flat key may begin with; without one it is for all of them. */
const prefixes = ['unet.', 'text_encoder.', 'text_encoder_2.', ''];
const alphaKeys = ['lora_alpha', 'alpha', 'network_alpha'];
const rankKeys = ['r', 'rank', 'network_dim'];
const patternKeys = ['rank_pattern', 'alpha_pattern'];

/**
 * What the flat keys of a header state, in the order in which they are followed: a key of one part, a key of all parts,
 * LyCORIS' configuration as SimpleTuner keeps it, sd-scripts' keys.
 *
 * @throws FormatError PEFT_CONFIG where a pattern is none
 */
export function headerStatements(metadata: Metadata, where: string): readonly Statement[] {
  return [
    ...prefixes.flatMap((prefix) => flatStatements(metadata, prefix, where)),
    ...lycorisStatements(metadata.lycoris_config),
    ...trainerStatements(metadata),
  ];
}

function flatStatements(metadata: Metadata, prefix: string, where: string): readonly Statement[] {
  const first = (keys: readonly string[]) =>
    keys.map((key) => prefix + key).find((key) => numberOf(metadata[key]) !== undefined);
  const alphaKey = first(alphaKeys);
  if (alphaKey === undefined) return [];
  const rankKey = first(rankKeys);
  const rank = rankKey === undefined ? undefined : numberOf(metadata[rankKey]);
  const patterns = patternKeys.flatMap((key) => {
    const pattern = jsonOf(metadata[prefix + key]);
    return pattern === undefined ? [] : [[key, pattern] as const];
  });
  const config = parsePeftConfig(
    {
      ...Object.fromEntries(patterns),
      lora_alpha: numberOf(metadata[alphaKey]),
      r: rank,
      use_rslora: /^(true|1)$/i.test(metadata[`${prefix}use_rslora`] ?? ''),
    },
    where,
  );
  const at = ({ part, path }: StatedFor) => {
    if (prefix !== '' && prefix !== `${part}.`) return undefined;
    const stated = config.at(path);
    return rank === undefined ? { ...stated, rank } : stated;
  };
  return [{ source: sourceOf(alphaKey, rankKey), isUsual: false, at }];
}

const lycorisSchema = z.looseObject({
  linear_dim: z.number().optional(),
  linear_alpha: z.number().optional(),
  conv_dim: z.number().optional(),
  conv_alpha: z.number().optional(),
});

function lycorisStatements(text: string | undefined): readonly Statement[] {
  const config = lycorisSchema.safeParse(jsonOf(text)).data;
  if (config?.linear_alpha === undefined) return [];
  const { linear_alpha, linear_dim, conv_alpha = linear_alpha, conv_dim = linear_dim } = config;
  return [
    byKernel('the header (lycoris_config)', {
      linear: [linear_alpha, linear_dim],
      convolution: [conv_alpha, conv_dim],
    }),
  ];
}

function trainerStatements(metadata: Metadata): readonly Statement[] {
  const alpha = numberOf(metadata.ss_network_alpha);
  if (alpha === undefined) return [];
  const rank = numberOf(metadata.ss_network_dim);
  const args = z.record(z.string(), z.unknown()).safeParse(jsonOf(metadata.ss_network_args)).data;
  const argument = (name: string) => numberOf(args?.[name]);
  return [
    byKernel(sourceOf('ss_network_alpha', rank === undefined ? undefined : 'ss_network_dim'), {
      linear: [alpha, rank],
      convolution: [argument('conv_alpha') ?? alpha, argument('conv_dim') ?? rank],
    }),
  ];
}

type AlphaAndRank = readonly [alpha: number, rank: number | undefined];

function byKernel(
  source: string,
  stated: { readonly linear: AlphaAndRank; readonly convolution: AlphaAndRank },
): Statement {
  const at = ({ isConvolution }: StatedFor) => {
    const [alpha, rank] = stated[isConvolution ? 'convolution' : 'linear'];
    return { alpha, rank, rankStabilized: false };
  };
  return { source, isUsual: false, at };
}

function sourceOf(...keys: readonly (string | undefined)[]): string {
  return `the header (${keys.filter((key) => key !== undefined).join(', ')})`;
}

/** A number, or one as text; undefined where it is none, as `Dynamic` and `None`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const number = String(value).trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parsePythonJson(text);
  } catch {
    return undefined;
  }
}
