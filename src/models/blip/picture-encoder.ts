/** @file BLIP-Diffusion's picture encoder: a vision transformer of which all states are taken (Li et al. 2023, sec. 3.1). */
import {
  add,
  axisSize,
  concatenate,
  expand,
  gelu,
  quickGelu,
  reshape,
  slice,
  transpose,
  type Value,
} from '../../graph/index.ts';
import { attention, convolution, layerNorm, linear, type Scope } from '../../nn/index.ts';
import type { PictureEncoderConfig } from './blip-config.ts';

/** Normalised pictures [N, 3, imageSize, imageSize] to the states of the class token and all patches: [N, 1 + patches, size]. */
export function encodePicture(scope: Scope, config: PictureEncoderConfig, pictures: Value): Value {
  const embedded = embedPatches(scope.child('embeddings'), config, pictures);
  let x = layerNorm(scope.child('pre_layernorm'), embedded, config.epsilon);
  for (let i = 0; i < config.layers; i++) x = layer(scope.child(`encoder.layers.${i}`), config, x);
  return layerNorm(scope.child('post_layernorm'), x, config.epsilon);
}

function embedPatches(scope: Scope, config: PictureEncoderConfig, pictures: Value): Value {
  const { size, patchSize } = config;
  const batch = axisSize(pictures, 0);
  const patches = convolution(scope.child('patch_embedding'), pictures, {
    out: size,
    kernel: patchSize,
    stride: patchSize,
    padding: [0, 0, 0, 0],
    bias: false,
  });
  const count = axisSize(patches, 2) * axisSize(patches, 3);
  const tokens = transpose(reshape(patches, [batch, size, count]), [0, 2, 1]); // [N, patches, size]
  const first = expand(scope.weight('class_embedding', [1, 1, size]), [batch, 1, size]);
  const positions = scope.weight('position_embedding', [1, count + 1, size]);
  return add(concatenate([first, tokens], 1), positions);
}

/** Attention and a perceptron, each normalised before and added to its input; one matrix makes query, key and value. */
function layer(scope: Scope, config: PictureEncoderConfig, input: Value): Value {
  const { size, inner, heads, epsilon } = config;
  const activation = config.activation === 'gelu' ? gelu : quickGelu;
  const normalized = layerNorm(scope.child('layer_norm1'), input, epsilon);
  const joined = linear(scope.child('self_attn.qkv'), normalized, { out: 3 * size });
  const part = (index: number) => slice(joined, 2, index * size, (index + 1) * size);
  const mixed = attention({ query: part(0), key: part(1), value: part(2), heads });
  const x = add(linear(scope.child('self_attn.projection'), mixed, { out: size }), input);
  const second = layerNorm(scope.child('layer_norm2'), x, epsilon);
  const hidden = activation(linear(scope.child('mlp.fc1'), second, { out: inner }));
  return add(linear(scope.child('mlp.fc2'), hidden, { out: size }), x);
}
