/** @file Sites: the named places of a model that an adapter may attach to. Models declare them, adapters choose by name. */
import type { Value } from '../graph/index.ts';

/** What a weight does in its layer; `vector` is a norm's scale or a bias, `table` the rows of an embedding. */
export type SiteKind = 'linear' | 'convolution' | 'vector' | 'table';

/** One weight of a model, seen as a matrix [out, in]. */
export interface Site {
  /**
   * Module path in the reference's naming, after the part of the pipeline:
   * `unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q`. A vector has its tensor's name: `unet.conv_in.bias`.
   */
  readonly name: string;
  readonly kind: SiteKind;
  readonly out: number;
  /** Of a convolution: input channels x kernel height x kernel width, the kernel innermost. Of a vector: 1. */
  readonly in: number;
  /** Height and width of a convolution's kernel. */
  readonly kernel?: readonly [number, number];
}

/** Height times width of a convolution's kernel; 1 of all else. */
export function kernelTaps({ kernel: [height, width] = [1, 1] }: Site): number {
  return height * width;
}

/** How an adapter changes the sites of a model that is being traced; undefined leaves a site as it is. */
export interface SiteHook {
  /** x W′ᵀ of a linear site without its bias, where there is a better way than to form W′; x: [..., in], weight: [out, in]. */
  readonly product?: (site: Site, x: Value, weight: Value) => Value | undefined;
  /** W′ in the shape of the weight; of a table it may have more rows. */
  readonly weight: (site: Site, weight: Value) => Value | undefined;
}
