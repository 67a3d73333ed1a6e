/** @file Vision transformer in transformers' ViTModel layout: DINO's encoder. */
import {
  add,
  axisSize,
  concatenate,
  expand,
  gelu,
  quickGelu,
  reshape,
  transpose,
  type Value,
} from '../../graph/index.ts';
import { attention, convolution, layerNorm, linear, type Scope } from '../../nn/index.ts';
import { positionEmbeddings } from './positions.ts';
import type { VitConfig } from './vit-config.ts';

/**
 * States of the class token and all patches after the final norm: [N, 3, H, W] → [N, 1 + patches, size]. Pictures need
 * not have the model's own size.
 */
export function vit(
  scope: Scope,
  config: VitConfig,
  pictures: Value,
): { readonly hiddenStates: readonly Value[]; readonly lastHiddenState: Value } {
  let x = embedPatches(scope.child('embeddings'), config, pictures);
  const hiddenStates = [x];
  for (let i = 0; i < config.layers; i++) {
    x = layer(scope.child(`encoder.layer.${i}`), config, x);
    hiddenStates.push(x);
  }
  return { hiddenStates, lastHiddenState: layerNorm(scope.child('layernorm'), x, config.epsilon) };
}

function embedPatches(scope: Scope, config: VitConfig, pictures: Value): Value {
  const { size, patchSize } = config;
  const batch = axisSize(pictures, 0);
  const patches = convolution(scope.child('patch_embeddings.projection'), pictures, {
    out: size,
    kernel: patchSize,
    stride: patchSize,
    padding: [0, 0, 0, 0],
  });
  const [, , rows = 0, columns = 0] = patches.shape;
  const count = rows * columns;
  const tokens = transpose(reshape(patches, [batch, size, count]), [0, 2, 1]); // [N, patches, size]
  const first = expand(scope.weight('cls_token', [1, 1, size]), [batch, 1, size]);
  const positions = positionEmbeddings(scope, config, [rows, columns]);
  return add(concatenate([first, tokens], 1), positions);
}

function layer(scope: Scope, config: VitConfig, input: Value): Value {
  const { size: out, inner, heads, epsilon, projectionBias: bias } = config;
  const activation = config.activation === 'gelu' ? gelu : quickGelu;
  const normalized = layerNorm(scope.child('layernorm_before'), input, epsilon);
  const project = (name: string) =>
    linear(scope.child(`attention.attention.${name}`), normalized, { out, bias });
  const mixed = attention({
    query: project('query'),
    key: project('key'),
    value: project('value'),
    heads,
  });
  const x = add(linear(scope.child('attention.output.dense'), mixed, { out }), input);
  const hidden = linear(
    scope.child('intermediate.dense'),
    layerNorm(scope.child('layernorm_after'), x, epsilon),
    { out: inner },
  );
  return add(linear(scope.child('output.dense'), activation(hidden), { out }), x);
}
