/** @file The transformer layer that both CLIP towers stack. */
import { add, gelu, quickGelu, type Value } from '../../graph/index.ts';
import { attention, layerNorm, linear, type Scope } from '../../nn/index.ts';
import type { TransformerConfig } from '../transformer-config.ts';

/** All layers; returns the input and every layer's output: layers + 1 values [N, T, size]. */
export function encoderStack(
  scope: Scope,
  config: TransformerConfig,
  input: Value,
  mask?: Value,
): Value[] {
  const states = [input];
  let x = input;
  for (let i = 0; i < config.layers; i++) {
    x = encoderLayer(scope.child(`encoder.layers.${i}`), config, x, mask);
    states.push(x);
  }
  return states;
}

/** Attention and a perceptron, each normalised before and added to its input; x: [N, T, size]. */
function encoderLayer(
  scope: Scope,
  config: TransformerConfig,
  input: Value,
  mask: Value | undefined,
): Value {
  const { size: out, inner, heads, epsilon } = config;
  const activation = config.activation === 'gelu' ? gelu : quickGelu;
  const normalized = layerNorm(scope.child('layer_norm1'), input, epsilon);
  const project = (name: string, from: Value) =>
    linear(scope.child(`self_attn.${name}`), from, { out });
  const mixed = attention({
    query: project('q_proj', normalized),
    key: project('k_proj', normalized),
    value: project('v_proj', normalized),
    heads,
    mask,
  });
  const x = add(project('out_proj', mixed), input);
  const hidden = linear(scope.child('mlp.fc1'), layerNorm(scope.child('layer_norm2'), x, epsilon), {
    out: inner,
  });
  return add(linear(scope.child('mlp.fc2'), activation(hidden), { out }), x);
}
