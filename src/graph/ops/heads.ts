/** @file Attention's heads: side by side in the channels of a token, or apart. */
import { axisSize, requireShape, type Value, type ValueType } from '../graph.ts';
import { reshape } from './broadcast.ts';
import { transpose } from './shape.ts';

export function requireHeads(type: ValueType, heads: number): void {
  requireShape(
    type.shape.length === 3 && axisSize(type, 2) % heads === 0,
    'ATTENTION_HEADS',
    `[N, T, C] with C divisible by ${heads} heads was expected`,
  );
}

/** [N, T, C] → [N, heads, T, C/heads] */
export function splitHeads(x: Value, heads: number): Value {
  const [batch = 0, tokens = 0, channels = 0] = x.shape;
  return transpose(reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
}

/** [N, heads, T, d] → [N, T, heads·d] */
export function joinHeads(x: Value): Value {
  const [batch = 0, heads = 0, tokens = 0, size = 0] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * size]);
}
