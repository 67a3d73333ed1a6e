/** @file ONNX Runtime's tensors as ours, the same in all its builds. */
import { type DType, type Tensor, tensor } from '../../tensor/tensor.ts';

const onnxTypes = {
  f64: 'float64',
  f32: 'float32',
  i64: 'int64',
  i32: 'int32',
  u8: 'uint8',
} as const;

/** The name of a dtype of what is fed. */
export function onnxTypeOf(dtype: DType): (typeof onnxTypes)[keyof typeof onnxTypes] {
  if (!(dtype in onnxTypes)) throw new Error(`internal: ${dtype} inputs are not fed`);
  return onnxTypes[dtype as keyof typeof onnxTypes];
}

/** A tensor of ONNX Runtime. */
interface OnnxValue {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** What a run gave. */
export function tensorOf({ type, dims, data }: OnnxValue): Tensor {
  const dtype = Object.entries(onnxTypes).find(([, name]) => name === type)?.[0];
  if (dtype === undefined) throw new Error(`internal: an output has the dtype ${type}`);
  return tensor(dtype as DType, dims, data as Float32Array<ArrayBuffer>);
}
