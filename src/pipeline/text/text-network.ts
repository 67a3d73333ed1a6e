/** @file The text encoders of a model as one computation: token ids to what conditions its UNet. */
import type { PlacedAdapter } from '../../adapters/index.ts';
import { required } from '../../base/required.ts';
import { concatenate, constant, type Graph, input, type Value } from '../../graph/index.ts';
import { clipText, pooledRows } from '../../models/clip/clip-text.ts';
import { textScope } from '../../models/weight-claims.ts';
import type { ModelWeights } from '../../models/weights.ts';
import type { Scope, Site } from '../../nn/index.ts';
import { int64, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';

/** Texts as token ids, filled up to the encoders' length: of every encoder, of every text. */
export interface TokenizedText {
  readonly ids: readonly (readonly (readonly number[])[])[];
}

/** A prompt as token ids. */
export interface TokenizedPrompt extends TokenizedText {
  /** What did not fit into the model's longest text, if anything. */
  readonly truncated: string | undefined;
}

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

/** Cuts a prompt into tokens, for every encoder. */
export function tokenize({ textEncoders }: BaseModel, prompt: string): TokenizedPrompt {
  const padded = textEncoders.map(({ config, tokenizer }) =>
    tokenizer.encodePadded(prompt, config.positions),
  );
  return {
    ids: padded.map(({ ids }) => [ids]),
    truncated: padded.find((each) => each.truncated !== undefined)?.truncated,
  };
}

/**
 * Declares token ids of N texts and traces all encoders. SDXL's UNet was trained on the states before the last layer,
 * as they are; the others on the last, normalised.
 */
export function traceTexts(
  graph: Graph,
  root: Scope,
  { base, texts }: { readonly base: BaseModel; readonly texts: number },
): TextStates {
  const { addition } = base.unet.config;
  const encoded = base.textEncoders.map(({ config }, i) => {
    const part = textPartName(i);
    const pools = takesPooled(base, i);
    const outputs = clipText(root.child(part), config, {
      ids: input(graph, `${part}.ids`, 'i64', [texts, config.positions]),
      pooledRows: pools
        ? input(graph, `${part}.rows`, 'i64', [texts])
        : constant(graph, int64([1], [0])),
    });
    const penultimate = addition && outputs.hiddenStates.at(-2);
    return {
      context: penultimate ?? outputs.lastHiddenState,
      pooled: pools ? (outputs.projected ?? outputs.pooled) : undefined,
    };
  });
  const contexts = encoded.map(({ context }) => context);
  const [first] = contexts;
  if (first === undefined) throw new Error('internal: a model without a text encoder');
  return {
    context: contexts.length === 1 ? first : concatenate(contexts, 2),
    pooled: encoded.at(-1)?.pooled,
  };
}

/** Values for the inputs that traceTexts declares. */
export function textFeeds(
  base: BaseModel,
  { ids }: TokenizedText,
): Readonly<Record<string, Tensor<'i64'>>> {
  return Object.fromEntries(
    base.textEncoders.flatMap(({ config }, i) => {
      const texts = required(ids, i);
      const part = textPartName(i);
      const tokens = [
        `${part}.ids`,
        int64([texts.length, config.positions], texts.flat()),
      ] as const;
      const pools = takesPooled(base, i);
      return pools ? [tokens, [`${part}.rows`, pooledRows(texts, config)] as const] : [tokens];
    }),
  );
}

/** SDXL's UNet takes the pooled text of the last encoder. */
function takesPooled({ unet, textEncoders }: BaseModel, index: number): boolean {
  return unet.config.addition !== undefined && index === textEncoders.length - 1;
}
