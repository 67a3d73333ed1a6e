/** @file Vision transformer in transformers' ViTModel layout: DINO's encoder. */
import { add, gelu, quickGelu, type Value } from '../../graph/index.ts';
import { attention, layerNorm, linear, type Scope } from '../../nn/index.ts';
import { embedPatches } from '../patch-embedding.ts';
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
  let x = embedded(scope.child('embeddings'), config, pictures);
  const hiddenStates = [x];
  for (let i = 0; i < config.layers; i++) {
    x = layer(scope.child(`encoder.layer.${i}`), config, x);
    hiddenStates.push(x);
  }
  return { hiddenStates, lastHiddenState: layerNorm(scope.child('layernorm'), x, config.epsilon) };
}

function embedded(scope: Scope, config: VitConfig, pictures: Value): Value {
  const { size, patchSize } = config;
  return embedPatches(pictures, {
    ...{ projection: scope.child('patch_embeddings.projection'), size, patchSize, bias: true },
    classToken: () => scope.weight('cls_token', [1, 1, size]),
    positions: (...patches) => positionEmbeddings(scope, config, patches),
  });
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
