/** @file BLIP-Diffusion's picture encoder: a vision transformer of which all states are taken (Li et al. 2023, sec. 3.1). */
import { add, gelu, quickGelu, slice, type Value } from '../../graph/index.ts';
import { attention, layerNorm, linear, type Scope } from '../../nn/index.ts';
import { embedPatches } from '../patch-embedding.ts';
import type { PictureEncoderConfig } from './blip-config.ts';

/** Normalised pictures [N, 3, imageSize, imageSize] to the states of the class token and all patches: [N, 1 + patches, size]. */
export function encodePicture(scope: Scope, config: PictureEncoderConfig, pictures: Value): Value {
  const tokens = embedded(scope.child('embeddings'), config, pictures);
  let x = layerNorm(scope.child('pre_layernorm'), tokens, config.epsilon);
  for (let i = 0; i < config.layers; i++) x = layer(scope.child(`encoder.layers.${i}`), config, x);
  return layerNorm(scope.child('post_layernorm'), x, config.epsilon);
}

function embedded(scope: Scope, { size, patchSize }: PictureEncoderConfig, pictures: Value): Value {
  return embedPatches(pictures, {
    ...{ projection: scope.child('patch_embedding'), size, patchSize, bias: false },
    classToken: () => scope.weight('class_embedding', [1, 1, size]),
    positions: (rows, columns) => scope.weight('position_embedding', [1, rows * columns + 1, size]),
  });
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
