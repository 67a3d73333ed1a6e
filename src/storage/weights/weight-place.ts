/** @file Where a weight lies: a range of a file, read in place by the runtime or fetched into memory. */
import { required } from '../../base/required.ts';
import type { TensorEntry } from '../../formats/safetensors/safetensors.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { type DType, type Shape, type Tensor, tensor } from '../../tensor/tensor.ts';
import { readTensor } from './safetensors-file.ts';

/** A tensor's place and the file, with symbolic links resolved, that it lies in. */
export interface WeightPlace {
  readonly entry: TensorEntry;
  readonly file: string;
  /** The axes of entry.shape as they are stored, outermost first; undefined where they are stored in order. */
  readonly axes?: readonly number[];
  /** A number that the stored ones are multiplied by. @default 1 */
  readonly scale?: number;
  /** What its eight bits are for, where they lie beside it under names of their own. @default it has none */
  readonly eightBits?: 'products' | 'weights';
}

/** The dtype that a tensor is read as: float32 where it is scaled. */
export function readDType({ entry, scale }: WeightPlace): DType {
  return scale === undefined ? entry.dtype : 'f32';
}

/** The tensor at a place, scaled and its axes in order. */
export async function readPlace({ entry, file, axes, scale }: WeightPlace): Promise<Tensor> {
  const raw = await readTensor(file, entry);
  const stored = scale === undefined ? raw : scaledBy(raw, scale);
  return axes === undefined ? stored : inOrder(stored, axes);
}

function scaledBy(stored: Tensor, scale: number): Tensor<'f32'> {
  const { shape, data } = toFloat32(stored);
  return tensor(
    'f32',
    shape,
    data.map((value) => value * Math.fround(scale)),
  );
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
    stride *= required(shape, axis);
  }
  return strides;
}
