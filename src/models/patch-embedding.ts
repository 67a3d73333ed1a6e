/** @file Pictures as the tokens of a vision transformer: a class token, then one of each patch (Dosovitskiy et al. 2021). */
import {
  add,
  axisSize,
  concatenate,
  expand,
  reshape,
  transpose,
  type Value,
} from '../graph/index.ts';
import { convolution, type Scope } from '../nn/index.ts';

export interface PatchEmbedding {
  /** Of the convolution that makes a token of each patch. */
  readonly projection: Scope;
  /** Of a token. */
  readonly size: number;
  /** Pixels of a patch's side. */
  readonly patchSize: number;
  /** Whether the convolution has a bias. */
  readonly bias: boolean;
  /** The first token: [1, 1, size]. */
  readonly classToken: () => Value;
  /** Of a picture of so many patches: [1 + patches, size], with a leading 1 or without. */
  readonly positions: (rows: number, columns: number) => Value;
}

/** Pictures [N, 3, height, width] to tokens with their positions: [N, 1 + patches, size]. */
export function embedPatches(
  pictures: Value,
  { projection, size, patchSize, bias, classToken, positions }: PatchEmbedding,
): Value {
  const batch = axisSize(pictures, 0);
  const patches = convolution(projection, pictures, {
    out: size,
    kernel: patchSize,
    stride: patchSize,
    padding: [0, 0, 0, 0],
    bias,
  });
  const [rows, columns] = [axisSize(patches, 2), axisSize(patches, 3)];
  const tokens = transpose(reshape(patches, [batch, size, rows * columns]), [0, 2, 1]);
  const first = expand(classToken(), [batch, 1, size]);
  return add(concatenate([first, tokens], 1), positions(rows, columns));
}
