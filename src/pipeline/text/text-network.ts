/** @file The text encoders of a model as one computation: token ids to what conditions its UNet. */
import type { PlacedAdapter } from '../../adapters/index.ts';
import { required } from '../../base/required.ts';
import {
  axisSize,
  concatenate,
  constant,
  type Graph,
  input,
  reshape,
  type Value,
} from '../../graph/index.ts';
import type { ClipTextConfig } from '../../models/clip/clip-config.ts';
import { clipText, pooledRows } from '../../models/clip/clip-text.ts';
import { textScope } from '../../models/weight-claims.ts';
import type { ModelWeights } from '../../models/weights.ts';
import type { Scope, Site } from '../../nn/index.ts';
import { float32, int64, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { type TokenizedText, weightsOf } from './tokenized-prompt.ts';
import { weightedInGraph } from './weighted-states.ts';

/** Texts as UNets take them, in a graph. */
export interface TextStates {
  readonly context: Value; // [N, T, contextSize]
  /** The text as one vector, of the last encoder, where the UNet takes it. */
  readonly pooled: Value | undefined; // [N, projection]
}

/** `text_encoder`, `text_encoder_2`: what weights and sites of an encoder are named after. */
export function textPartName(index: number): string {
  return index === 0 ? 'text_encoder' : `text_encoder_${index + 1}`;
}

/** The weights of every text encoder, by part. */
export function textWeights({ textEncoders }: BaseModel): Readonly<Record<string, ModelWeights>> {
  return Object.fromEntries(textEncoders.map(({ weights }, i) => [textPartName(i), weights]));
}

/** Every site of the text encoders that an adapter may attach to. */
export function textSites({ textEncoders }: Pick<BaseModel, 'textEncoders'>): readonly Site[] {
  return textEncoders.flatMap(({ config }, i) =>
    textScope(config).sites.map((site) => ({ ...site, name: `${textPartName(i)}.${site.name}` })),
  );
}

/** Whether texts must pass through their encoders at every step, because an adapter changes these. */
export function adaptsTexts(placed: readonly PlacedAdapter[]): boolean {
  return placed.some(({ sites }) => sites.some(({ name }) => !name.startsWith('unet.')));
}

/** What is known of texts before they are. */
export interface TextForm {
  readonly texts: number;
  /** Chunks of each. @default 1 */
  readonly chunks?: number | undefined;
  /** Whether words have weights. @default false */
  readonly isWeighted?: boolean | undefined;
}

/**
 * Declares token ids of N texts and traces all encoders, chunk by chunk. SDXL's UNet was trained on the states before the
 * last layer, as they are; the others on the last, normalised. The text as one vector is that of its first chunk.
 */
export function traceTexts(
  graph: Graph,
  root: Scope,
  { base, ...form }: TextForm & { readonly base: BaseModel },
): TextStates {
  const { texts, chunks = 1, isWeighted = false } = form;
  const { addition } = base.unet.config;
  const rows = texts * chunks;
  const skip = (base.clipSkip ?? 1) - 1;
  const encoded = base.textEncoders.map(({ config }, i) => {
    const part = textPartName(i);
    const pools = takesPooled(base, i);
    const outputs = clipText(root.child(part), config, {
      ids: input(graph, `${part}.ids`, 'i64', [rows, config.positions]),
      pooledRows: pools
        ? input(graph, `${part}.rows`, 'i64', [texts])
        : constant(graph, int64([1], [0])),
      skipLayers: addition ? 0 : skip,
    });
    const before = addition && outputs.hiddenStates.at(-1 - Math.max(1, skip));
    const states = before ?? outputs.lastHiddenState;
    return {
      context: isWeighted
        ? weightedInGraph(
            states,
            input(graph, `${part}.weights`, 'f32', [rows, config.positions, 1]),
          )
        : states,
      pooled: pools ? (outputs.projected ?? outputs.pooled) : undefined,
    };
  });
  const contexts = encoded.map(({ context }) => context);
  const [first] = contexts;
  if (first === undefined) throw new Error('internal: a model without a text encoder');
  const context = contexts.length === 1 ? first : concatenate(contexts, 2); // [N·chunks, T, C]
  const shape = [texts, chunks * axisSize(context, 1), axisSize(context, 2)];
  return {
    context: chunks === 1 ? context : reshape(context, shape),
    pooled: encoded.at(-1)?.pooled,
  };
}

/** Values for the inputs that traceTexts declares. */
export function textFeeds(
  base: BaseModel,
  text: TokenizedText,
  { isWeighted = false }: Pick<TextForm, 'isWeighted'> = {},
): Readonly<Record<string, Tensor>> {
  const weights = isWeighted ? weightsOf(text) : undefined;
  const feeds: Record<string, Tensor> = {};
  for (const [i, { config }] of base.textEncoders.entries()) {
    const rows = required(text.ids, i);
    const part = textPartName(i);
    const shape = [rows.length, config.positions];
    feeds[`${part}.ids`] = int64(shape, rows.flat());
    if (takesPooled(base, i)) feeds[`${part}.rows`] = firstPooledRows(rows, text, config);
    if (weights) feeds[`${part}.weights`] = float32([...shape, 1], required(weights, i).flat());
  }
  return feeds;
}

/** Where each text is pooled: in its first chunk. */
function firstPooledRows(
  rows: readonly (readonly number[])[],
  { chunks = 1 }: TokenizedText,
  config: ClipTextConfig,
): Tensor<'i64'> {
  const all = Array.from(pooledRows(rows, config).data, Number);
  const first = all.filter((_, row) => row % chunks === 0);
  return int64([first.length], first);
}

/** SDXL's UNet takes the pooled text of the last encoder. */
function takesPooled({ unet, textEncoders }: BaseModel, index: number): boolean {
  return unet.config.addition !== undefined && index === textEncoders.length - 1;
}
