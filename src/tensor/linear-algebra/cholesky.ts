/** @file Symmetric positive definite equations: A = L Lᵀ (Golub and Van Loan, Matrix Computations, 4.2). */

/** The lower triangle of a factor, row by row: [n, n]. */
export interface CholeskyFactor {
  readonly size: number;
  readonly lower: Float64Array;
}

/** Of a pivot to its diagonal entry; below it the rest is rounding. */
const smallestPivot = 1e-13;

/**
 * The factor L of A = L Lᵀ.
 *
 * @param matrix [n, n], of which the lower triangle is read
 * @returns undefined where A is singular to the rounding of doubles, or not positive definite
 */
export function cholesky(matrix: Float64Array, size: number): CholeskyFactor | undefined {
  const lower = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = matrix[i * size + j] ?? 0;
      for (let k = 0; k < j; k++) {
        sum -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0);
      }
      if (i > j) {
        lower[i * size + j] = sum / (lower[j * size + j] ?? 1);
        continue;
      }
      if (!(sum > smallestPivot * (matrix[j * size + j] ?? 0))) return undefined;
      lower[j * size + j] = Math.sqrt(sum);
    }
  }
  return { size, lower };
}

/** x of A x = b. */
export function solve({ size, lower }: CholeskyFactor, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (lower[i * size + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i * size + i] ?? 1);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < size; k++) sum -= (lower[k * size + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i * size + i] ?? 1);
  }
  return x;
}
