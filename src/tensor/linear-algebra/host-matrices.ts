/** @file Small linear algebra on host tensors, for tests, merging and reports; sums are kept in float64. */
import { ShapeError } from '../../base/errors.ts';
import { formatShape, type Shape, sameShape, type Tensor, tensor } from '../tensor.ts';

/**
 * Kronecker product `A ⊗ B`: `[a1, a2] ⊗ [b1, b2] = [a1·b1, a2·b2]`, every element of A times the whole of B.
 *
 * @throws ShapeError where a factor is not a matrix
 */
export function kron(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  const [a1, a2] = matrixSize(a.shape, 'kron');
  const [b1, b2] = matrixSize(b.shape, 'kron');
  const columns = a2 * b2;
  const product = new Float32Array(a1 * b1 * columns);
  for (let i = 0; i < a1; i++) {
    for (let j = 0; j < a2; j++) {
      const factor = a.data[i * a2 + j] ?? 0;
      for (let p = 0; p < b1; p++) {
        const start = (i * b1 + p) * columns + j * b2;
        for (let q = 0; q < b2; q++) product[start + q] = factor * (b.data[p * b2 + q] ?? 0);
      }
    }
  }
  return tensor('f32', [a1 * b1, columns], product);
}

/**
 * Matrix product `[m, k] · [k, n] = [m, n]`.
 *
 * @throws ShapeError where the operands are not matrices or the inner sizes differ
 */
export function matmul(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  const [m, inner] = matrixSize(a.shape, 'matmul');
  const [rows, n] = matrixSize(b.shape, 'matmul');
  if (inner !== rows) {
    throw new ShapeError(
      'MATMUL_INNER',
      `matmul: inner sizes differ in ${formatShape(a.shape)} · ${formatShape(b.shape)}; transpose one of the two`,
    );
  }
  const product = new Float32Array(m * n);
  const sums = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    sums.fill(0);
    for (let k = 0; k < inner; k++) {
      const factor = a.data[i * inner + k] ?? 0;
      for (let j = 0; j < n; j++) sums[j] = (sums[j] ?? 0) + factor * (b.data[k * n + j] ?? 0);
    }
    product.set(sums, i * n);
  }
  return tensor('f32', [m, n], product);
}

/**
 * Rows become columns: `[m, n]` to `[n, m]`.
 *
 * @throws ShapeError where the source is not a matrix
 */
export function transpose2d(source: Tensor<'f32'>): Tensor<'f32'> {
  const [m, n] = matrixSize(source.shape, 'transpose2d');
  const transposed = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) transposed[j * m + i] = source.data[i * n + j] ?? 0;
  }
  return tensor('f32', [n, m], transposed);
}

/**
 * `‖actual − expected‖ / ‖expected‖`: 0 where equal, infinite where only the expected tensor is zero.
 *
 * @throws ShapeError where the shapes differ
 */
export function relativeL2(actual: Tensor<'f32'>, expected: Tensor<'f32'>): number {
  requireSameShape(actual.shape, expected.shape, 'relativeL2');
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const value = expected.data[i] ?? 0;
    difference += ((actual.data[i] ?? 0) - value) ** 2;
    norm += value ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}

/**
 * `max |a − b|` over all elements; NaN where any difference is, 0 for empty tensors.
 *
 * @throws ShapeError where the shapes differ
 */
export function maxAbsDifference(a: Tensor<'f32'>, b: Tensor<'f32'>): number {
  requireSameShape(a.shape, b.shape, 'maxAbsDifference');
  let worst = 0;
  for (let i = 0; i < a.data.length; i++) {
    worst = Math.max(worst, Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0)));
  }
  return worst;
}

function matrixSize(shape: Shape, operation: string): readonly [rows: number, columns: number] {
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2) {
    throw new ShapeError(
      'NOT_A_MATRIX',
      `${operation}: expected a matrix, got shape ${formatShape(shape)}; reshape it to two axes`,
    );
  }
  return [rows, columns];
}

function requireSameShape(a: Shape, b: Shape, operation: string): void {
  if (sameShape(a, b)) return;
  throw new ShapeError(
    'SHAPES_DIFFER',
    `${operation}: expected equal shapes, got ${formatShape(a)} and ${formatShape(b)}`,
  );
}
