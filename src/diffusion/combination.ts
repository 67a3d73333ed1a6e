/** @file Linear combinations of tensors of one shape: all the arithmetic that a noise schedule asks for. */
import { invariant } from '../base/errors.ts';
import { float32, formatShape, sameShape, type Tensor } from '../tensor/tensor.ts';

/** A tensor and its coefficient: one for all samples, or one for each along the first axis. */
export type Term = readonly [coefficient: number | readonly number[], tensor: Tensor<'f32'>];

/** Σ coefficient · tensor, summed in double and rounded once. */
export function combination(first: Term, ...others: readonly Term[]): Tensor<'f32'> {
  const { shape } = first[1];
  const sampleSize = first[1].data.length / (shape[0] ?? 1);
  const sum = new Float64Array(first[1].data.length);
  for (const [coefficient, tensor] of [first, ...others]) {
    invariant(
      sameShape(tensor.shape, shape),
      `combination() of ${formatShape(shape)} and ${formatShape(tensor.shape)}`,
    );
    const perSample = typeof coefficient === 'number' ? [coefficient] : coefficient;
    invariant(
      typeof coefficient === 'number' || coefficient.length === shape[0],
      `${perSample.length} coefficients for samples of ${formatShape(shape)}`,
    );
    const run = typeof coefficient === 'number' ? sum.length : sampleSize;
    tensor.data.forEach((value, i) => {
      sum[i] = (sum[i] ?? 0) + (perSample[Math.floor(i / run)] ?? Number.NaN) * value;
    });
  }
  return float32(shape, sum);
}
