/** @file Prompts to the states that condition the UNet, through all text encoders of a model. */
import type { Graph } from '../../graph/index.ts';
import { joinedWeights } from '../../models/weights.ts';
import type { Scope } from '../../nn/index.ts';
import type { Session } from '../../runtime/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { withConstants } from '../adapters/adapted-weights.ts';
import { fixedHook, type TrainedAdapter } from '../adapters/trained-adapter.ts';
import { type BaseModel, placeOf, pooledSize, textLength } from '../base/base-model.ts';
import type { WeighedProgram } from '../network/device-limits.ts';
import { brokenWeights, requireFiniteResult } from '../network/finite-results.ts';
import { openNetwork, tracedProgram } from '../network/open-network.ts';
import { textFeeds, textWeights, tokenize, traceTexts } from './text-network.ts';

/** Texts as UNets take them. */
export interface EncodedText {
  readonly states: Tensor<'f32'>; // [N, T, contextSize]
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
   * Encodes one prompt.
   *
   * @throws ModelError TEXT_NOT_FINITE
   */
  async encode(prompt: string): Promise<EncodedPrompt> {
    const { truncated, ...tokens } = tokenize(this.#base, prompt);
    const results = await this.#session.run(textFeeds(this.#base, tokens));
    const takesPooled = this.#base.unet.config.addition !== undefined;
    const finite = (name: string) =>
      requireFiniteResult(results.get(name), () => ({
        code: 'TEXT_NOT_FINITE',
        what: `what the text encoders make of "${prompt}"`,
        advice: brokenWeights,
      }));
    return {
      states: finite('context'),
      pooled: takesPooled ? finite('pooled') : undefined,
      truncated,
    };
  }

  /** Encodes what not to show; where the model was trained so, nothing is zeros. */
  async encodeNegative(prompt: string): Promise<EncodedPrompt> {
    const base = this.#base;
    if (prompt !== '' || !base.zeroNegative) return await this.encode(prompt);
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
