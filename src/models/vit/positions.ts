/** @file Position embeddings of a vision transformer, also for pictures of another size than it was trained on. */
import { required } from '../../base/required.ts';
import { concatenate, constant, matmul, reshape, slice, type Value } from '../../graph/index.ts';
import type { Scope } from '../../nn/index.ts';
import { kron } from '../../tensor/linear-algebra/host-matrices.ts';
import { float32, type Shape, type Tensor } from '../../tensor/tensor.ts';
import type { VitConfig } from './vit-config.ts';

/**
 * The embeddings of the class token and of a grid of patches: [1, 1 + rows · columns, size]. On another grid than the
 * model's own, those of the patches are interpolated (transformers, `ViTEmbeddings.interpolate_pos_encoding`).
 */
export function positionEmbeddings(
  scope: Scope,
  { size, imageSize, patchSize }: VitConfig,
  [rows = 0, columns = 0]: Shape,
): Value {
  const side = Math.floor(imageSize / patchSize);
  const stored = scope.weight('position_embeddings', [1, 1 + side ** 2, size]);
  if (rows === side && columns === side) return stored;
  // Rows and columns are interpolated alike and apart, so the map of the whole grid is a Kronecker product.
  const map = kron(bicubicMap(side, rows), bicubicMap(side, columns)); // [rows · columns, side²]
  const patches = reshape(slice(stored, 1, 1, 1 + side ** 2), [side ** 2, size]);
  const moved = matmul(constant(scope.graph, map), patches);
  return concatenate([slice(stored, 1, 0, 1), reshape(moved, [1, rows * columns, size])], 1);
}

/** What torch's bicubic interpolation (`align_corners=False`) makes of `from` values, as a matrix [to, from]. */
export function bicubicMap(from: number, to: number): Tensor<'f32'> {
  const map = float32([to, from]);
  for (let row = 0; row < to; row++) {
    const centre = ((row + 0.5) * from) / to - 0.5;
    const before = Math.floor(centre);
    for (let column = before - 1; column <= before + 2; column++) {
      const at = row * from + Math.min(from - 1, Math.max(0, column));
      map.data[at] = required(map.data, at) + cubic(Math.abs(centre - column));
    }
  }
  return map;
}

/** Keys' cubic convolution kernel with a = -3/4, torch's choice (Pillow's is -1/2). */
function cubic(distance: number): number {
  const a = -0.75;
  return distance <= 1
    ? ((a + 2) * distance - (a + 3)) * distance ** 2 + 1
    : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
}
