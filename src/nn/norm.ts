/** @file Layer and group normalisation with learned scale and bias. */
import { ShapeError } from '../base/errors.ts';
import {
  add,
  axisSize,
  constant,
  multiply,
  layerNorm as normalize,
  reshape,
  type Value,
} from '../graph/index.ts';
import { float32 } from '../tensor/tensor.ts';
import type { TracedNorm } from './norm-hook.ts';
import type { Scope } from './scope.ts';

/** Over the last axis. */
export function layerNorm(scope: Scope, x: Value, epsilon = 1e-5): Value {
  const size = axisSize(x, -1);
  return scope.at(() =>
    normalize(x, scope.vector('weight', size), scope.vector('bias', size), epsilon),
  );
}

/** Over groups of channels; x: [N, C, H, W]. Layer normalisation of [N·G, C/G·H·W], then scale and bias per channel. */
export function groupNorm(
  scope: Scope,
  x: Value,
  { groups, epsilon }: { readonly groups: number; readonly epsilon: number },
): Value {
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  if (channels % groups !== 0) {
    throw new ShapeError(
      'GROUPS_DO_NOT_DIVIDE',
      `${scope.path}: ${channels} channels do not split into ${groups} groups; check norm_num_groups and the channels of the model's config`,
    );
  }
  const groupSize = (channels / groups) * height * width;
  return scope.at(() => {
    const rows = reshape(x, [batch * groups, groupSize]); // [NG, C/G·H·W]
    const norm = { name: scope.path, rows, epsilon };
    const normalized = reshape((scope.norms ?? standardized)(norm), x.shape);
    const perChannel = (name: string) => reshape(scope.vector(name, channels), [1, channels, 1, 1]);
    return add(multiply(normalized, perChannel('weight')), perChannel('bias'));
  });
}

/** x̂ of every row by its own mean and deviation. */
function standardized({ rows, epsilon }: TracedNorm): Value {
  const size = axisSize(rows, 1);
  const ones = constant(rows.graph, float32([size], new Float32Array(size).fill(1)));
  return normalize(rows, ones, undefined, epsilon);
}
