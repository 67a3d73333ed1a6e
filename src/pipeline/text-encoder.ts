/** @file Prompts to the states that condition the UNet, through all text encoders of a model. */
import { type Graph, input } from '../graph/index.ts';
import { clipText, pooledRows } from '../models/clip/text.ts';
import type { Scope } from '../nn/index.ts';
import type { Session } from '../runtime/index.ts';
import { float32, int64, joinedColumns, type Tensor } from '../tensor/tensor.ts';
import { type BaseModel, pooledSize, textLength } from './base-model.ts';
import type { TextPart } from './model-part.ts';
import { openNetwork } from './network.ts';

/** A text as UNets take it. */
export interface EncodedText {
  readonly states: Tensor<'f32'>; // [1, T, contextSize]
  /** The text as one vector, where the UNet takes it: SDXL, of the last encoder. */
  readonly pooled: Tensor<'f32'> | undefined; // [1, projection]
}

/** An encoded prompt. */
export interface EncodedPrompt extends EncodedText {
  /** What did not fit into the model's longest text, if anything. */
  readonly truncated: string | undefined;
}

/** The loaded text encoders of a model. */
export class TextEncoder {
  readonly #base: BaseModel;
  readonly #sessions: readonly Session[];

  private constructor(base: BaseModel, sessions: readonly Session[]) {
    this.#base = base;
    this.#sessions = sessions;
  }

  static async open(base: BaseModel): Promise<TextEncoder> {
    const sessions: Session[] = [];
    try {
      for (const part of base.textEncoders) sessions.push(await openEncoder(base, part));
    } catch (error) {
      await disposeAll(sessions);
      throw error;
    }
    return new TextEncoder(base, sessions);
  }

  /** Encodes one prompt. */
  async encode(prompt: string): Promise<EncodedPrompt> {
    const states: Tensor<'f32'>[] = [];
    let pooled: Tensor<'f32'> | undefined;
    let truncated: string | undefined;
    for (const [i, { config, tokenizer }] of this.#base.textEncoders.entries()) {
      const padded = tokenizer.encodePadded(prompt, config.positions);
      const results = await this.#sessions[i]?.run({
        ids: int64([1, padded.ids.length], padded.ids),
        rows: pooledRows([padded.ids], config),
      });
      if (results === undefined) throw new Error('internal: a text encoder without a session');
      states.push(results.get('states'));
      pooled = results.get('pooled');
      truncated ??= padded.truncated;
    }
    const takesPooled = this.#base.unet.config.addition !== undefined;
    return { states: joinedColumns(states), pooled: takesPooled ? pooled : undefined, truncated };
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
    await disposeAll(this.#sessions);
  }
}

/** SDXL's UNet was trained on the states before the last layer, as they are; the others on the last, normalised. */
async function openEncoder(base: BaseModel, { config, weights }: TextPart): Promise<Session> {
  const trace = (graph: Graph, scope: Scope) => {
    const ids = input(graph, 'ids', 'i64', [1, config.positions]);
    const rows = input(graph, 'rows', 'i64', [1]);
    const outputs = clipText(scope, config, { ids, pooledRows: rows });
    const penultimate = base.unet.config.addition && outputs.hiddenStates.at(-2);
    return {
      states: penultimate ?? outputs.lastHiddenState,
      pooled: outputs.projected ?? outputs.pooled,
    };
  };
  return await openNetwork(weights, trace, { device: base.device });
}

async function disposeAll(sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) await session[Symbol.asyncDispose]();
}
