/** @file The UNet's transformer: self-attention, cross-attention to the text, gated feed-forward, per pixel of a level. */
import {
  add,
  axisSize,
  gelu,
  multiply,
  reshape,
  slice,
  transpose,
  type Value,
} from '../../graph/index.ts';
import {
  attention,
  convolution,
  groupNorm,
  layerNorm,
  linear,
  type Scope,
} from '../../nn/index.ts';

export interface TransformerOptions {
  readonly context: Value; // [N, S, contextSize]
  readonly heads: number;
  readonly depth: number;
  readonly groups: number;
  /** SD 2.x and XL project tokens with a matrix, SD 1.x pixels with a 1×1 convolution. */
  readonly linearProjection: boolean;
  /** Whether both attentions of a block are to the text. @default false */
  readonly textOnly?: boolean;
}

/** x: [N, C, H, W] → [N, C, H, W], residual. */
export function spatialTransformer(scope: Scope, x: Value, options: TransformerOptions): Value {
  const { depth, groups, linearProjection } = options;
  const out = axisSize(x, 1);
  const normalized = groupNorm(scope.child('norm'), x, { groups, epsilon: 1e-6 });
  let tokens = linearProjection
    ? linear(scope.child('proj_in'), toTokens(normalized), { out })
    : toTokens(convolution(scope.child('proj_in'), normalized, { out, kernel: 1 }));
  for (let k = 0; k < depth; k++) {
    tokens = transformerBlock(scope.child(`transformer_blocks.${k}`), tokens, options);
  }
  const projected = linearProjection
    ? toPixels(linear(scope.child('proj_out'), tokens, { out }), x)
    : convolution(scope.child('proj_out'), toPixels(tokens, x), { out, kernel: 1 });
  return scope.at(() => add(projected, x));
}

function transformerBlock(
  scope: Scope,
  input: Value,
  { context, heads, textOnly = false }: TransformerOptions,
): Value {
  return scope.at(() => {
    const own = layerNorm(scope.child('norm1'), input);
    const seen = textOnly ? context : own;
    let x = add(crossAttention(scope.child('attn1'), own, seen, heads), input);
    const query = layerNorm(scope.child('norm2'), x);
    x = add(crossAttention(scope.child('attn2'), query, context, heads), x);
    return add(feedForward(scope.child('ff'), layerNorm(scope.child('norm3'), x)), x);
  });
}

function crossAttention(scope: Scope, x: Value, context: Value, heads: number): Value {
  const out = axisSize(x, -1);
  const project = (name: string, from: Value) =>
    linear(scope.child(name), from, { out, bias: false });
  return scope.at(() => {
    const mixed = attention({
      query: project('to_q', x),
      key: project('to_k', context),
      value: project('to_v', context),
      heads,
    });
    return linear(scope.child('to_out.0'), mixed, { out });
  });
}

/** GEGLU (Shazeer 2020): the first half of the projection, gated by the GELU of the second. */
function feedForward(scope: Scope, x: Value): Value {
  const out = axisSize(x, -1);
  const inner = 4 * out;
  return scope.at(() => {
    const both = linear(scope.child('net.0.proj'), x, { out: 2 * inner });
    const axis = both.shape.length - 1;
    const gated = multiply(slice(both, axis, 0, inner), gelu(slice(both, axis, inner, 2 * inner)));
    return linear(scope.child('net.2'), gated, { out });
  });
}

/** [N, C, H, W] → [N, HW, C] */
function toTokens(x: Value): Value {
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  return transpose(reshape(x, [batch, channels, height * width]), [0, 2, 1]);
}

/** [N, HW, C] → [N, C, H, W], with the size of `like`. */
function toPixels(tokens: Value, like: Value): Value {
  const [batch = 0, , height = 0, width = 0] = like.shape;
  const channels = axisSize(tokens, -1);
  return reshape(transpose(tokens, [0, 2, 1]), [batch, channels, height, width]);
}
