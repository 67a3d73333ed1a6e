/** @file CLIP's text tower: token ids to the states that condition a UNet. */
import { required } from '../../base/required.ts';
import { add, axisSize, constant, gather, reshape, slice, type Value } from '../../graph/index.ts';
import { embedding, layerNorm, linear, type Scope } from '../../nn/index.ts';
import { float32, int64, type Tensor } from '../../tensor/tensor.ts';
import type { ClipTextConfig } from './clip-config.ts';
import { encoderStack } from './encoder.ts';

/** Large enough to switch a score off in float32, small enough to be added twice. */
const masked = -1e30;

export interface ClipTextInputs {
  readonly ids: Value; // [N, T], i64
  /** Where each text is pooled, as rows of all N·T states (pooledRows): [N], i64. */
  readonly pooledRows: Value;
  /** Added to all scores of a key: 0 or a large negative number; [N, 1, 1, T]. */
  readonly keyMask?: Value;
  /** How many of the last layers to leave out before the final norm. @default 0 */
  readonly skipLayers?: number;
}

export interface ClipTextOutputs {
  /** The embeddings and every layer's output, before the final norm. */
  readonly hiddenStates: readonly Value[];
  readonly lastHiddenState: Value; // [N, T, size]
  readonly pooled: Value; // [N, size]
  /** The pooled vector in the space shared with pictures, where the model has a projection. */
  readonly projected: Value | undefined; // [N, projection]
}

/** Encodes texts; weights are under `text_model`, as in published files. */
export function clipText(
  root: Scope,
  config: ClipTextConfig,
  inputs: ClipTextInputs,
): ClipTextOutputs {
  const scope = root.child('text_model');
  const [batch = 0, length = 0] = inputs.ids.shape;
  const x = embedTokens(scope.child('embeddings'), config, inputs);
  const causal = constant(scope.graph, causalMask(length));
  const mask = inputs.keyMask === undefined ? causal : add(causal, inputs.keyMask);
  const hiddenStates = encoderStack(scope, config, x, mask);
  const last = required(hiddenStates, hiddenStates.length - 1 - (inputs.skipLayers ?? 0));
  const lastHiddenState = layerNorm(scope.child('final_layer_norm'), last, config.epsilon);
  const pooled = gather(reshape(lastHiddenState, [batch * length, config.size]), inputs.pooledRows);
  const projected =
    config.projection === undefined
      ? undefined
      : linear(root.child('text_projection'), pooled, { out: config.projection, bias: false });
  return { hiddenStates, lastHiddenState, pooled, projected };
}

function embedTokens(scope: Scope, config: ClipTextConfig, { ids }: ClipTextInputs): Value {
  const length = axisSize(ids, 1);
  const { vocabulary: entries, size } = config;
  const tokens = embedding(scope.child('token_embedding'), ids, { entries, size });
  const positions = scope
    .child('position_embedding')
    .weight('weight', [config.positions, config.size]);
  return scope.at(() => add(tokens, slice(positions, 0, 0, length)));
}

/** [T, T]: a token sees itself and what comes before. */
function causalMask(length: number): Tensor<'f32'> {
  const mask = float32([length, length]);
  for (let row = 0; row < length; row++)
    mask.data.fill(masked, row * length + row + 1, (row + 1) * length);
  return mask;
}

/** The key mask of padded texts: 0 where `attended` is 1, switched off where it is 0; [N, 1, 1, T]. */
export function keyMask(attended: ArrayLike<number>, texts: number): Tensor<'f32'> {
  const length = attended.length / texts;
  return float32(
    [texts, 1, 1, length],
    Array.from(attended, (on) => (on === 0 ? masked : 0)),
  );
}

/**
 * Where each text is pooled, as rows of all N·T states: the first end-of-text token, or with the historical
 * `eos_token_id: 2` the first of the largest ids, as transformers does.
 */
export function pooledRows(
  ids: readonly (readonly number[])[],
  config: ClipTextConfig,
): Tensor<'i64'> {
  const rows = ids.map((text, n) => {
    const end = config.endOfText === 2 ? Math.max(...text) : config.endOfText;
    return n * text.length + Math.max(0, text.indexOf(end));
  });
  return int64([rows.length], rows);
}
