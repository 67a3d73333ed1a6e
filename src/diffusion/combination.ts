/** @file Linear combinations of tensors of one shape: all the arithmetic that a noise schedule asks for. */
import { invariant } from '../base/errors.ts';
import { required } from '../base/required.ts';
import { float32, formatShape, sameShape, type Tensor } from '../tensor/tensor.ts';

/** A tensor and its coefficient: one for all samples, or one for each along the first axis. */
export type Term = readonly [coefficient: number | readonly number[], tensor: Tensor<'f32'>];

/** Σ coefficient · tensor, summed in double and rounded once. */
export function combination(first: Term, ...others: readonly Term[]): Tensor<'f32'> {
  const { shape } = first[1];
  const sampleSize = first[1].data.length / required(shape, 0);
  const sum = new Float64Array(first[1].data.length);
  for (const [coefficient, { shape: own, data }] of [first, ...others]) {
    invariant(
      sameShape(own, shape),
      `combination() of ${formatShape(shape)} and ${formatShape(own)}`,
    );
    const perSample = typeof coefficient === 'number' ? [coefficient] : coefficient;
    invariant(
      typeof coefficient === 'number' || coefficient.length === shape[0],
      `${perSample.length} coefficients for samples of ${formatShape(shape)}`,
    );
    const run = typeof coefficient === 'number' ? sum.length : sampleSize;
    for (const [sample, factor] of perSample.entries()) {
      const end = (sample + 1) * run;
      for (let i = sample * run; i < end; i++) sum[i] = (sum[i] ?? 0) + factor * (data[i] ?? 0);
    }
  }
  return float32(shape, sum);
}
