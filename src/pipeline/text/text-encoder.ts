/** @file Prompts to the states that condition the UNet, through all text encoders of a model. */
import { required } from '../../base/required.ts';
import type { Graph } from '../../graph/index.ts';
import { joinedWeights } from '../../models/weights.ts';
import type { Scope } from '../../nn/index.ts';
import type { Session } from '../../runtime/index.ts';
import { concatenated, float32, reshaped, type Tensor } from '../../tensor/tensor.ts';
import { withConstants } from '../adapters/adapted-weights.ts';
import { fixedHook, type TrainedAdapter } from '../adapters/trained-adapter.ts';
import { type BaseModel, placeOf, pooledSize, textLength } from '../base/base-model.ts';
import type { WeighedProgram } from '../network/device-limits.ts';
import { brokenWeights, requireFiniteResult } from '../network/finite-results.ts';
import { openNetwork, tracedProgram } from '../network/open-network.ts';
import { textFeeds, textWeights, traceTexts } from './text-network.ts';
import { type PromptReading, type TokenizedText, tokenize } from './tokenized-prompt.ts';
import { weightedStates } from './weighted-states.ts';

/** Texts as UNets take them. */
export interface EncodedText {
  readonly states: Tensor<'f32'>; // [N, chunks·T, contextSize]
  /** The text as one vector, where the UNet takes it: SDXL, of the last encoder. */
  readonly pooled: Tensor<'f32'> | undefined; // [N, projection]
}

/** An encoded prompt. */
export interface EncodedPrompt extends EncodedText {
  /** What did not fit into the model's longest text, if anything. */
  readonly truncated: string | undefined;
}

function promptTrace(base: BaseModel) {
  return (graph: Graph, root: Scope) => {
    const { context, pooled } = traceTexts(graph, root, { base, texts: 1 });
    return { context, ...(pooled === undefined ? {} : { pooled }) };
  };
}

/** What is computed of a prompt, with which weights; loads nothing. */
export function promptPart(base: BaseModel): WeighedProgram {
  const weights = joinedWeights(textWeights(base));
  return { weights, program: tracedProgram(weights, promptTrace(base)) };
}

/** The loaded text encoders of a model. */
export class TextEncoder {
  readonly #base: BaseModel;
  readonly #session: Session;

  private constructor(base: BaseModel, session: Session) {
    this.#base = base;
    this.#session = session;
  }

  static async open(
    base: BaseModel,
    adapters: readonly TrainedAdapter[] = [],
  ): Promise<TextEncoder> {
    const session = await openNetwork(
      withConstants(
        joinedWeights(textWeights(base)),
        adapters.flatMap(({ placed }) => placed),
      ),
      promptTrace(base),
      { ...placeOf(base), hook: (graph) => fixedHook(graph, adapters) },
    );
    return new TextEncoder(base, session);
  }

  /**
   * Encodes one prompt, chunk by chunk.
   *
   * @throws ModelError TEXT_NOT_FINITE; ConfigError as tokenize
   */
  async encode(prompt: string, reading: PromptReading = {}): Promise<EncodedPrompt> {
    const { truncated, ...tokens } = tokenize(this.#base, prompt, reading);
    const [first, ...others] = chunksOf(tokens);
    if (first === undefined) throw new Error('internal: a prompt without a chunk');
    const { states, pooled } = await this.#encodeChunk(first, prompt);
    const rest: Tensor<'f32'>[] = [];
    for (const chunk of others) rest.push((await this.#encodeChunk(chunk, prompt)).states);
    return { states: joinedChunks([states, ...rest]), pooled, truncated };
  }

  async #encodeChunk(tokens: TokenizedText, prompt: string): Promise<EncodedText> {
    const results = await this.#session.run(textFeeds(this.#base, tokens));
    const takesPooled = this.#base.unet.config.addition !== undefined;
    const finite = (value: Tensor<'f32'>) =>
      requireFiniteResult(value, () => ({
        code: 'TEXT_NOT_FINITE',
        what: `what the text encoders make of "${prompt}"`,
        advice: brokenWeights,
      }));
    const states = finite(results.get('context'));
    const { weights } = tokens;
    return {
      states: weights === undefined ? states : finite(this.#weighted(states, weights)),
      pooled: takesPooled ? finite(results.get('pooled')) : undefined,
    };
  }

  #weighted(states: Tensor<'f32'>, weights: NonNullable<TokenizedText['weights']>): Tensor<'f32'> {
    const parts = this.#base.textEncoders.map(({ config: { size } }, i) => ({
      size,
      weights: required(required(weights, i), 0),
    }));
    return weightedStates(states, parts);
  }

  /** Encodes what not to show; where the model was trained so, nothing is zeros. */
  async encodeNegative(prompt: string, reading: PromptReading = {}): Promise<EncodedPrompt> {
    const base = this.#base;
    if (prompt !== '' || !base.zeroNegative) {
      return await this.encode(prompt, { where: 'negative', ...reading, isNegative: true });
    }
    const { contextSize, addition } = base.unet.config;
    return {
      states: float32([1, textLength(base), contextSize]),
      pooled: addition && float32([1, pooledSize(base)]),
      truncated: undefined,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

/** Each chunk of a text as a text of its own. */
function chunksOf({ ids, weights, chunks = 1 }: TokenizedText): readonly TokenizedText[] {
  return Array.from({ length: chunks }, (_, n) => ({
    ids: ids.map((rows) => [required(rows, n)]),
    ...(weights && { weights: weights.map((rows) => [required(rows, n)]) }),
  }));
}

/** Chunks [1, T, C] along the tokens: [1, chunks·T, C]. */
function joinedChunks(chunks: readonly Tensor<'f32'>[]): Tensor<'f32'> {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const all = concatenated(chunks);
  const [count = 0, tokens = 0, channels = 0] = all.shape;
  return reshaped(all, [1, count * tokens, channels]);
}
