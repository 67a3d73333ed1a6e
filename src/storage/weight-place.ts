/** @file Where a weight lies: a range of a file, read in place by the runtime or fetched into memory. */
import type { TensorEntry } from '../formats/safetensors.ts';
import { type Shape, type Tensor, tensor } from '../tensor/tensor.ts';
import { readTensor } from './safetensors-file.ts';

/** A tensor's place and the file, with symbolic links resolved, that it lies in. */
export interface WeightPlace {
  readonly entry: TensorEntry;
  readonly file: string;
  /** The axes of entry.shape as they are stored, outermost first; undefined where they are stored in order. */
  readonly axes?: readonly number[];
}

/** The tensor at a place, its axes in order. */
export async function readPlace({ entry, file, axes }: WeightPlace): Promise<Tensor> {
  const stored = await readTensor(file, entry);
  return axes === undefined ? stored : inOrder(stored, axes);
}

/** Elements that are stored with their axes in another order, brought into the order of the shape. */
function inOrder(stored: Tensor, axes: readonly number[]): Tensor {
  const { dtype, shape, data } = stored;
  const strides = storedStrides(shape, axes);
  const ordered = data.slice();
  const index = shape.map(() => 0);
  let source = 0;
  for (let target = 0; target < data.length; target++) {
    ordered[target] = data[source] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size = 1, stride = 0, at = 0] = [shape[axis], strides[axis], index[axis]];
      if (at + 1 < size) {
        index[axis] = at + 1;
        source += stride;
        break;
      }
      index[axis] = 0;
      source -= at * stride;
    }
  }
  return tensor(dtype, shape, ordered);
}

/** Distance in the stored data between neighbours along each axis of the shape. */
function storedStrides(shape: Shape, axes: readonly number[]): readonly number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (const axis of [...axes].reverse()) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}
