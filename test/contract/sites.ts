/** @file Sites of awkward sizes, of every kind. */
import type { Site } from '../../src/nn/index.ts';

export function linearSite(out: number, inner: number, name = 'unet.mid.attn1.to_q'): Site {
  return { name, kind: 'linear', out, in: inner };
}

export function convolutionSite(
  out: number,
  channels: number,
  kernel: readonly [number, number],
): Site {
  const [height, width] = kernel;
  return {
    name: 'unet.mid.resnets.0.conv1',
    kind: 'convolution',
    out,
    in: channels * height * width,
    kernel,
  };
}

/** Large, so that a sample of its parameters shows their moments. */
export const largeSite = linearSite(4096, 2048);

export const squares = [linearSite(24, 24), linearSite(48, 32), linearSite(96, 64)];
export const narrow = linearSite(10, 15);
export const rows = [linearSite(1, 7), linearSite(7, 1)];
export const convolutions = [convolutionSite(10, 6, [3, 3]), convolutionSite(4, 6, [1, 1])];
export const uneven = convolutionSite(6, 4, [1, 3]);
export const vectorSite: Site = { name: 'unet.conv_in.bias', kind: 'vector', out: 7, in: 1 };
export const tableSite: Site = {
  name: 'text_encoder.text_model.embeddings.token_embedding',
  kind: 'table',
  out: 11,
  in: 6,
};
