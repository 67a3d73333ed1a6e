/** @file Scaled dot-product attention with several heads. */
import { ShapeError } from '../base/errors.ts';
import { add, matmul, multiply, reshape, softmax, transpose, type Value } from '../graph/index.ts';

export interface Attention {
  readonly query: Value; // [N, T, C]
  readonly key: Value; // [N, S, C]
  readonly value: Value; // [N, S, C]
  readonly heads: number;
  /** Added to the scores; broadcasts to [N, heads, T, S]. */
  readonly mask?: Value | undefined;
}

/** softmax(Q Kᵀ / √d + mask) V per head (Vaswani et al. 2017, eq. 1) → [N, T, C]. */
export function attention({ query, key, value, heads, mask }: Attention): Value {
  const [batch = 0, tokens = 0, channels = 0] = query.shape;
  if (channels % heads !== 0) {
    throw new ShapeError(
      'HEADS_DO_NOT_DIVIDE',
      `attention: ${channels} channels do not split into ${heads} heads; check the number of heads in the model's config`,
    );
  }
  const size = channels / heads;
  // √d is split over both factors: the scores then never need a pass of their own.
  const scale = size ** -0.25;
  const scores = matmul(multiply(split(query, heads), scale), multiply(split(key, heads), scale), {
    transposeB: true,
  }); // [N, heads, T, S]
  const weights = softmax(mask === undefined ? scores : add(scores, mask));
  const mixed = matmul(weights, split(value, heads)); // [N, heads, T, d]
  return reshape(transpose(mixed, [0, 2, 1, 3]), [batch, tokens, channels]);
}

/** [N, T, C] → [N, heads, T, C/heads] */
function split(x: Value, heads: number): Value {
  const [batch = 0, tokens = 0, channels = 0] = x.shape;
  return transpose(reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
}
