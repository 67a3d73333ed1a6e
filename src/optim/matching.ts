/** @file Finds the tensor that belongs to a parameter. */
import { invariant } from '../base/errors.ts';
import { formatShape, type Shape, sameShape } from '../tensor/tensor.ts';
import type { NamedTensors } from './optimizer.ts';

/** The data of a tensor that must be there with a shape; `optimizer` names who needs it. */
export function matching(
  tensors: NamedTensors,
  name: string,
  { shape, optimizer }: { readonly shape: Shape; readonly optimizer: string },
): Float32Array {
  const found = tensors.get(name);
  invariant(found !== undefined, `${optimizer} needs a tensor "${name}"`);
  invariant(
    sameShape(found.shape, shape),
    `${optimizer}: "${name}" is ${formatShape(found.shape)}, its parameter ${formatShape(shape)}`,
  );
  return found.data;
}
