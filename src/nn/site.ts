/** @file Sites: the named places of a model that an adapter may attach to. Models declare them, adapters choose by name. */
import type { Value } from '../graph/index.ts';

/** One weight matrix of a model. */
export interface Site {
  /** Module path in the reference's naming: `down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q`. */
  readonly name: string;
  readonly kind: 'linear';
  readonly out: number;
  readonly in: number;
}

/**
 * Computes an adapted layer's product x W′ᵀ without its bias, or returns undefined to leave the layer as it is.
 * x: [..., in], weight: [out, in].
 */
export type SiteHook = (site: Site, x: Value, weight: Value) => Value | undefined;
