/** @file Matrices in float64, to state on the host what adapters compute in a graph. */
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A matrix from a rule for its entries. */
export function matrix(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[i * columns + j] = entry(i, j);
  }
  return { rows, columns, data };
}

export function at({ columns, data }: Matrix, row: number, column: number): number {
  return data[row * columns + column] ?? Number.NaN;
}

/** A host tensor with its first axis as rows; a vector becomes a column. */
export function toMatrix({ shape, data }: Tensor<'f32'>): Matrix {
  const [rows = 1, ...inner] = shape;
  return { rows, columns: elementCount(inner), data: Float64Array.from(data) };
}

export function toTensor({ rows, columns, data }: Matrix, shape: Shape = [rows, columns]) {
  return float32(shape, data);
}

export function plus(a: Matrix, b: Matrix, factor = 1): Matrix {
  return { ...a, data: a.data.map((value, i) => value + factor * (b.data[i] ?? Number.NaN)) };
}

export function times(a: Matrix, factor: number): Matrix {
  return matrix(a.rows, a.columns, (i, j) => at(a, i, j) * factor);
}

export function hadamard(a: Matrix, b: Matrix): Matrix {
  return matrix(a.rows, a.columns, (i, j) => at(a, i, j) * at(b, i, j));
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const turned = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j] ?? Number.NaN;
  }
  return { rows: columns, columns: rows, data: turned };
}

export function product(a: Matrix, b: Matrix): Matrix {
  return rowProducts(a, transposed(b));
}

/** A·Bᵀ: every row of one by every row of the other. */
export function rowProducts(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += at(a, i, k) * at(b, j, k);
      data[i * b.rows + j] = sum;
    }
  }
  return { rows: a.rows, columns: b.rows, data };
}

/** A ⊗ B: entry (i·b1 + p, j·b2 + q) is A[i, j]·B[p, q]. */
export function kron(a: Matrix, b: Matrix): Matrix {
  return matrix(
    a.rows * b.rows,
    a.columns * b.columns,
    (i, j) =>
      at(a, Math.floor(i / b.rows), Math.floor(j / b.columns)) * at(b, i % b.rows, j % b.columns),
  );
}

export function identity(size: number): Matrix {
  return matrix(size, size, (i, j) => (i === j ? 1 : 0));
}

/** By Gauss and Jordan's elimination, with the largest pivot of each column. */
export function inverse(a: Matrix): Matrix {
  const size = a.rows;
  const left = Array.from({ length: size }, (_, i) =>
    Array.from({ length: 2 * size }, (_, j) => (j < size ? at(a, i, j) : j - size === i ? 1 : 0)),
  );
  for (let column = 0; column < size; column++) {
    const below = left.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const pivot = column + below.indexOf(Math.max(...below));
    [left[column], left[pivot]] = [left[pivot] ?? [], left[column] ?? []];
    const pivotRow = left[column] ?? [];
    const scale = pivotRow[column] ?? 1;
    for (let j = 0; j < 2 * size; j++) pivotRow[j] = (pivotRow[j] ?? 0) / scale;
    left.forEach((row, i) => {
      const factor = row[column] ?? 0;
      if (i === column || factor === 0) return;
      for (let j = 0; j < 2 * size; j++) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0);
    });
  }
  return matrix(size, size, (i, j) => left[i]?.[size + j] ?? Number.NaN);
}

/** Euclidean length of every row: a column. */
export function rowLengths(a: Matrix): Matrix {
  return matrix(a.rows, 1, (i) => {
    let squares = 0;
    for (let j = 0; j < a.columns; j++) squares += at(a, i, j) ** 2;
    return Math.sqrt(squares);
  });
}

/** The length of every run of `width` columns, all rows together: of an input channel of a convolution. */
export function columnLengths(a: Matrix, width: number): Matrix {
  return matrix(1, a.columns / width, (_, channel) => {
    let squares = 0;
    for (let i = 0; i < a.rows; i++) {
      for (let k = 0; k < width; k++) squares += at(a, i, channel * width + k) ** 2;
    }
    return Math.sqrt(squares);
  });
}

/** Every row times its number of a column. */
export function rowsTimes(a: Matrix, factors: Matrix): Matrix {
  return matrix(a.rows, a.columns, (i, j) => at(a, i, j) * at(factors, i, 0));
}
