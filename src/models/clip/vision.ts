/** @file CLIP's vision tower: pictures to vectors in the space shared with texts. */
import { lastOf } from '../../base/required.ts';
import { axisSize, reshape, slice, type Value } from '../../graph/index.ts';
import { layerNorm, linear, type Scope } from '../../nn/index.ts';
import { embedPatches } from '../patch-embedding.ts';
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
  const tokens = embedded(scope.child('embeddings'), config, pictures);
  // The published checkpoints spell it this way.
  const x = layerNorm(scope.child('pre_layrnorm'), tokens, config.epsilon);
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
function embedded(scope: Scope, { size, patchSize }: ClipVisionConfig, pictures: Value): Value {
  return embedPatches(pictures, {
    ...{ projection: scope.child('patch_embedding'), size, patchSize, bias: false },
    classToken: () => reshape(scope.weight('class_embedding', [size]), [1, 1, size]),
    positions: (rows, columns) =>
      scope.child('position_embedding').weight('weight', [rows * columns + 1, size]),
  });
}
