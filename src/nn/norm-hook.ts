/** @file How group norms are normalised where a model that is traced sees only a part of what they are to be normalised by. */
import type { Value } from '../graph/index.ts';

/** A group norm that is being traced. */
export interface TracedNorm {
  /** Its module path. */
  readonly name: string;
  /** A group a row: [N·G, C/G·H·W]. */
  readonly rows: Value;
  readonly epsilon: number;
}

/** What a group norm gives before its scale and bias, in the shape of its rows. */
export type NormHook = (norm: TracedNorm) => Value;
