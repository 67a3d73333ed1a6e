/** @file Vision transformer in transformers' ViTModel layout: DINO's encoder. */
import { z } from 'zod';
import { ModelError } from '../../base/errors.ts';
import {
  add,
  concatenate,
  expand,
  gelu,
  quickGelu,
  reshape,
  transpose,
  type Value,
} from '../../graph/index.ts';
import { attention, convolution, layerNorm, linear, type Scope } from '../../nn/index.ts';

const schema = z.object({
  model_type: z.literal('vit').default('vit'),
  hidden_size: z.number().int().positive(),
  intermediate_size: z.number().int().positive(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  hidden_act: z.enum(['gelu', 'quick_gelu']).default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
  image_size: z.number().int().positive().default(224),
  patch_size: z.number().int().positive().default(16),
  qkv_bias: z.boolean().default(true),
});

export interface VitConfig {
  readonly size: number;
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
  readonly activation: 'gelu' | 'quick_gelu';
  readonly epsilon: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly projectionBias: boolean;
}

/**
 * Reads a ViTModel's config.json.
 *
 * @throws ModelError VIT_CONFIG naming the key
 */
export function parseVitConfig(json: unknown, where: string): VitConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new ModelError('VIT_CONFIG', `${where}: ${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  return {
    size: config.hidden_size,
    inner: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    imageSize: config.image_size,
    patchSize: config.patch_size,
    projectionBias: config.qkv_bias,
  };
}

/** States of the class token and all patches after the final norm: [N, 3, H, W] → [N, 1 + patches, size]. */
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

function embedPatches(scope: Scope, { size, patchSize }: VitConfig, pictures: Value): Value {
  const batch = pictures.shape[0] ?? 0;
  const patches = convolution(scope.child('patch_embeddings.projection'), pictures, {
    out: size,
    kernel: patchSize,
    stride: patchSize,
    padding: [0, 0, 0, 0],
  });
  const count = (patches.shape[2] ?? 0) * (patches.shape[3] ?? 0);
  const tokens = transpose(reshape(patches, [batch, size, count]), [0, 2, 1]); // [N, patches, size]
  const first = expand(scope.weight('cls_token', [1, 1, size]), [batch, 1, size]);
  return add(
    concatenate([first, tokens], 1),
    scope.weight('position_embeddings', [1, count + 1, size]),
  );
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
