/** @file Host tensors: a dtype, a shape and a flat typed array in row-major order. */
import { invariant } from '../base/errors.ts';
import { lastOf, required } from '../base/required.ts';
import type { TorchGenerator } from '../base/torch-random.ts';

/** How the elements of each dtype are held in memory. Floats of 16 and 8 bits are kept as their bits. */
export interface Storage {
  f64: Float64Array<ArrayBuffer>;
  f32: Float32Array<ArrayBuffer>;
  f16: Uint16Array<ArrayBuffer>;
  bf16: Uint16Array<ArrayBuffer>;
  f8e4m3: Uint8Array<ArrayBuffer>;
  f8e5m2: Uint8Array<ArrayBuffer>;
  i64: BigInt64Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  i8: Int8Array<ArrayBuffer>;
  u8: Uint8Array<ArrayBuffer>;
  bool: Uint8Array<ArrayBuffer>;
}

export type DType = keyof Storage;
export type Shape = readonly number[];

/** Bytes per element. */
export const bytesPerElement = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  f8e4m3: 1,
  f8e5m2: 1,
  i64: 8,
  i32: 4,
  i8: 1,
  u8: 1,
  bool: 1,
} as const satisfies Record<DType, number>;

/** A tensor in host memory, row-major. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: Storage[D];
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `[2, 4, 16, 16]`, for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** Wraps data as a tensor, checking that the shape fits. */
export function tensor<D extends DType>(dtype: D, shape: Shape, data: Storage[D]): Tensor<D> {
  invariant(
    data.length === elementCount(shape),
    `tensor ${dtype}${formatShape(shape)} given ${data.length} elements`,
  );
  return { dtype, shape, data };
}

/** A float32 tensor from numbers; the usual case. */
export function float32(shape: Shape, values?: ArrayLike<number>): Tensor<'f32'> {
  return tensor(
    'f32',
    shape,
    values === undefined ? new Float32Array(elementCount(shape)) : new Float32Array(values),
  );
}

/** Standard normal numbers as torch.randn(shape, generator=...) draws them. */
export function drawNormal(generator: TorchGenerator, shape: Shape): Tensor<'f32'> {
  return float32(shape, generator.randn(elementCount(shape)));
}

/** An int64 tensor from integers, for token ids and indices. */
export function int64(shape: Shape, values: Iterable<number>): Tensor<'i64'> {
  return tensor('i64', shape, BigInt64Array.from(values, BigInt));
}

/** The same elements under another shape; shares memory. */
export function reshaped<D extends DType>(source: Tensor<D>, shape: Shape): Tensor<D> {
  return tensor(source.dtype, shape, source.data);
}

/** Tensors of equal trailing shape joined along the first axis. */
export function concatenated(parts: readonly Tensor<'f32'>[]): Tensor<'f32'> {
  const [first] = parts;
  invariant(first !== undefined, 'concatenated() needs at least one tensor');
  const rest = first.shape.slice(1);
  const rows = parts.reduce((sum, part) => sum + required(part.shape, 0), 0);
  const joined = float32([rows, ...rest]);
  let offset = 0;
  for (const part of parts) {
    invariant(sameShape(part.shape.slice(1), rest), 'concatenated() needs equal trailing shapes');
    joined.data.set(part.data, offset);
    offset += part.data.length;
  }
  return joined;
}

/** Tensors of equal leading shape joined along the last axis. */
export function joinedColumns(parts: readonly Tensor<'f32'>[]): Tensor<'f32'> {
  const [first] = parts;
  invariant(first !== undefined, 'joinedColumns() needs at least one tensor');
  const leading = first.shape.slice(0, -1);
  const rows = elementCount(leading);
  const columns = parts.reduce((sum, part) => sum + lastOf(part.shape), 0);
  const joined = float32([...leading, columns]);
  let start = 0;
  for (const { shape, data } of parts) {
    invariant(sameShape(shape.slice(0, -1), leading), 'joinedColumns() needs equal leading shapes');
    const width = lastOf(shape);
    for (let row = 0; row < rows; row++) {
      joined.data.set(data.subarray(row * width, (row + 1) * width), row * columns + start);
    }
    start += width;
  }
  return joined;
}

/** Rows `start` to `end` of the first axis; shares memory. */
export function rowsOf(source: Tensor<'f32'>, start: number, end: number): Tensor<'f32'> {
  const rest = source.shape.slice(1);
  const rowSize = elementCount(rest);
  return tensor(
    'f32',
    [end - start, ...rest],
    source.data.subarray(start * rowSize, end * rowSize),
  );
}
