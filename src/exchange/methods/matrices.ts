/** @file Tensors of convolutions as matrices and back, and Tucker decompositions folded into two factors. */
import type { Site } from '../../nn/index.ts';
import { elementCount, float32, reshaped, type Tensor } from '../../tensor/tensor.ts';

/** [out, ...rest] → [out, rest] */
export function asMatrix(tensor: Tensor<'f32'>): Tensor<'f32'> {
  const [rows = 1, ...rest] = tensor.shape;
  return reshaped(tensor, [rows, elementCount(rest)]);
}

/**
 * [rows, columns] of a convolution's site with its kernel as axes of its own: [rows, channels, height, width]; as it is
 * where the columns are not whole channels.
 */
export function withKernel(matrix: Tensor<'f32'>, { kernel }: Site): Tensor<'f32'> {
  const [rows = 0, columns = 0] = matrix.shape;
  const channels = kernel === undefined ? 0 : columns / (kernel[0] * kernel[1]);
  if (kernel === undefined || !Number.isInteger(channels)) return matrix;
  return reshaped(matrix, [rows, channels, ...kernel]);
}

/**
 * The kernel of a Tucker decomposition with its input side folded in: Σ_j core[i, j, k] · inner[j, c] at (i, c·K + k).
 *
 * @param core [r, r, kh, kw]
 * @param inner [r, in]
 * @returns [r, in·kh·kw], the kernel innermost
 */
export function foldedCore(core: Tensor<'f32'>, inner: Tensor<'f32'>): Tensor<'f32'> {
  const [rows = 0, rank = 0, ...kernel] = core.shape;
  const size = elementCount(kernel);
  const [, columns = 0] = inner.shape;
  const folded = float32([rows, columns * size]);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < size; k++) {
        let sum = 0;
        for (let j = 0; j < rank; j++) {
          sum += (core.data[(i * rank + j) * size + k] ?? 0) * (inner.data[j * columns + c] ?? 0);
        }
        folded.data[(i * columns + c) * size + k] = sum;
      }
    }
  }
  return folded;
}

/** Every number times a factor; the tensor itself where that is 1. */
export function multiplied(tensor: Tensor<'f32'>, factor: number): Tensor<'f32'> {
  if (factor === 1) return tensor;
  return float32(
    tensor.shape,
    tensor.data.map((value) => value * factor),
  );
}
