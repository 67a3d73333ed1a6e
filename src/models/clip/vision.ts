/** @file CLIP's vision tower: pictures to vectors in the space shared with texts. */
import { lastOf } from '../../base/required.ts';
import {
  add,
  axisSize,
  concatenate,
  expand,
  reshape,
  slice,
  transpose,
  type Value,
} from '../../graph/index.ts';
import { convolution, layerNorm, linear, type Scope } from '../../nn/index.ts';
import type { ClipVisionConfig } from './clip-config.ts';
import { encoderStack } from './encoder.ts';

export interface ClipVisionOutputs {
  readonly hiddenStates: readonly Value[];
  readonly pooled: Value; // [N, size], after the last norm
  readonly projected: Value; // [N, projection]
}

/** Encodes normalised pictures [N, 3, imageSize, imageSize]; weights are under `vision_model`. */
export function clipVision(
  root: Scope,
  config: ClipVisionConfig,
  pictures: Value,
): ClipVisionOutputs {
  const scope = root.child('vision_model');
  const batch = axisSize(pictures, 0);
  const embedded = embedPatches(scope.child('embeddings'), config, pictures);
  // The published checkpoints spell it this way.
  const x = layerNorm(scope.child('pre_layrnorm'), embedded, config.epsilon);
  const hiddenStates = encoderStack(scope, config, x);
  const classState = slice(lastOf(hiddenStates), 1, 0, 1); // [N, 1, size]
  const pooled = layerNorm(
    scope.child('post_layernorm'),
    reshape(classState, [batch, config.size]),
    config.epsilon,
  );
  const out = config.projection;
  const projected = linear(root.child('visual_projection'), pooled, { out, bias: false });
  return { hiddenStates, pooled, projected };
}

/** The class token, then one token per patch, with positions: [N, 1 + patches, size]. */
function embedPatches(scope: Scope, config: ClipVisionConfig, pictures: Value): Value {
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
  const first = expand(reshape(scope.weight('class_embedding', [size]), [1, 1, size]), [
    batch,
    1,
    size,
  ]);
  const positions = scope.child('position_embedding').weight('weight', [count + 1, size]);
  return add(concatenate([first, tokens], 1), positions);
}
