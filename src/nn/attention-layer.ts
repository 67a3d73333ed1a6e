/** @file Scaled dot-product attention with several heads. */
import { ShapeError } from '../base/errors.ts';
import {
  add,
  axisSize,
  attention as fusedAttention,
  joinHeads,
  matmul,
  multiply,
  softmax,
  splitHeads,
  type Value,
} from '../graph/index.ts';

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
  const channels = axisSize(query, 2);
  if (channels % heads !== 0) {
    throw new ShapeError(
      'HEADS_DO_NOT_DIVIDE',
      `attention: ${channels} channels do not split into ${heads} heads; check the number of heads in the model's config`,
    );
  }
  return mask === undefined
    ? fusedAttention(query, key, value, heads)
    : maskedAttention({ query, key, value, heads, mask });
}

/** With a mask, spelled out: only texts need one, and their maps are small. */
function maskedAttention({ query, key, value, heads, mask }: Attention): Value {
  const scale = (axisSize(query, 2) / heads) ** -0.5;
  const scaled = multiply(splitHeads(query, heads), scale);
  const scores = matmul(scaled, splitHeads(key, heads), { transposeB: true }); // [N, heads, T, S]
  const weights = softmax(mask === undefined ? scores : add(scores, mask));
  return joinHeads(matmul(weights, splitHeads(value, heads)));
}
