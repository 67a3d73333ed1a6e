/** @file Prompts to the states that condition the UNet. */
import { input } from '../graph/index.ts';
import { clipText, pooledRows } from '../models/clip/text.ts';
import type { Session } from '../runtime/index.ts';
import { int64, type Tensor } from '../tensor/tensor.ts';
import type { BaseModel } from './base-model.ts';
import { openNetwork } from './network.ts';

/** An encoded prompt. */
export interface EncodedText {
  readonly states: Tensor<'f32'>; // [1, T, contextSize]
  /** What did not fit into the model's longest text, if anything. */
  readonly truncated: string | undefined;
}

/** A loaded text encoder. */
export class TextEncoder {
  readonly #base: BaseModel;
  readonly #session: Session;

  private constructor(base: BaseModel, session: Session) {
    this.#base = base;
    this.#session = session;
  }

  static async open(base: BaseModel): Promise<TextEncoder> {
    const { config, weights } = base.text;
    const session = await openNetwork(weights, (graph, scope) => {
      const ids = input(graph, 'ids', 'i64', [1, config.positions]);
      const rows = input(graph, 'rows', 'i64', [1]);
      const outputs = clipText(scope, config, { ids, pooledRows: rows });
      return { states: outputs.lastHiddenState, pooled: outputs.pooled };
    });
    return new TextEncoder(base, session);
  }

  /** Encodes one prompt. */
  async encode(prompt: string): Promise<EncodedText> {
    const { config } = this.#base.text;
    const { ids, truncated } = this.#base.tokenizer.encodePadded(prompt, config.positions);
    const results = await this.#session.run({
      ids: int64([1, ids.length], ids),
      rows: pooledRows([ids], config),
    });
    return { states: results.get('states'), truncated };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
