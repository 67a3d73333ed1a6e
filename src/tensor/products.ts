/** @file Work that asks for matrix products and leaves it to its caller what computes them. */
import { type Tensor, tensor } from './tensor.ts';

/** A matrix in float64, row by row. */
export type Matrix64 = Tensor<'f64'>;

/** A·B of [m, k] and [k, n]. */
export interface ProductRequest {
  readonly a: Matrix64;
  readonly b: Matrix64;
}

/** A computation whose large products are done by whoever runs it. */
export type WithProducts<Result> = Generator<ProductRequest, Result, Matrix64>;

/** Below so many multiplications, asking takes longer than computing. */
const worthAsking = 64 ** 3;

/** A·B within such a computation: [m, n]. */
export function* times(a: Matrix64, b: Matrix64): WithProducts<Matrix64> {
  const [, width = 0] = b.shape;
  if (a.data.length * width < worthAsking) return plainProduct({ a, b });
  return yield { a, b };
}

/** Runs a computation with plain loops. */
export function computedHere<Result>(work: WithProducts<Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next(plainProduct(step.value));
  return step.value;
}

/** Runs a computation with products from elsewhere. */
export async function computedBy<Result>(
  work: WithProducts<Result>,
  multiply: (request: ProductRequest) => Promise<Matrix64>,
): Promise<Result> {
  let step = work.next();
  while (!step.done) step = work.next(await multiply(step.value));
  return step.value;
}

/** A matrix of zeros. */
export function matrix64(rows: number, columns: number): Matrix64 {
  return tensor('f64', [rows, columns], new Float64Array(rows * columns));
}

/** One row, sharing memory. */
export function rowOf({ shape, data }: Matrix64, row: number): Float64Array {
  const [, columns = 0] = shape;
  return data.subarray(row * columns, (row + 1) * columns);
}

/** The transpose. */
export function transposed64({ shape, data }: Matrix64): Matrix64 {
  const [rows = 0, columns = 0] = shape;
  const result = matrix64(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.data[j * rows + i] = data[i * columns + j] ?? 0;
  }
  return result;
}

function plainProduct({ a, b }: ProductRequest): Matrix64 {
  const [rows = 0, inner = 0] = a.shape;
  const [, columns = 0] = b.shape;
  const result = matrix64(rows, columns);
  for (let i = 0; i < rows; i++) {
    const sum = rowOf(result, i);
    for (let k = 0; k < inner; k++) {
      const factor = a.data[i * inner + k] ?? 0;
      const start = k * columns;
      for (let j = 0; j < columns; j++) sum[j] = (sum[j] ?? 0) + factor * (b.data[start + j] ?? 0);
    }
  }
  return result;
}
