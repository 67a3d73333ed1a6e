/** @file Planes of several tensors as one. */
import { invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { concatenated, reshaped, rowsOf, type Tensor } from '../../tensor/tensor.ts';

/** [N, A, h, w] and [N, B, h, w] to [N, A + B, h, w]. */
export function joinChannels(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  const [count = 0, first = 0, ...plane] = a.shape;
  const second = required(b.shape, 1);
  invariant(b.shape[0] === count, 'joinChannels() needs as many samples of both');
  const parts = Array.from({ length: count }, (_, n) => [
    reshaped(rowsOf(a, n, n + 1), [first, ...plane]),
    reshaped(rowsOf(b, n, n + 1), [second, ...plane]),
  ]);
  return reshaped(concatenated(parts.flat()), [count, first + second, ...plane]);
}
