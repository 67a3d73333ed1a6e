/** @file Blocks of skew-symmetric matrices, as files have them whole and as we have them: the entries above the diagonal. */
import { float32, type Tensor } from '../../../tensor/tensor.ts';

/** How a file has a block Q of rotations. */
export interface BlockForm {
  /** The place in the file of each of our rows. @default the same */
  readonly order?: readonly number[];
  /** Multiplied onto B − Bᵀ of the file. @default 1 */
  readonly factor?: number;
}

/** The entries above the diagonal of B − Bᵀ, row by row: [..., n, n] → [blocks, n(n−1)/2]. */
export function upperEntries(
  { shape, data }: Tensor<'f32'>,
  { order, factor = 1 }: BlockForm = {},
): Tensor<'f32'> {
  const [n = 1] = shape.slice(-1);
  const count = data.length / (n * n);
  const entries = float32([count, (n * (n - 1)) / 2]);
  const place = order ?? rowsInOrder(n);
  let entry = 0;
  for (let block = 0; block < count; block++) {
    const at = (i: number, j: number) => data[(block * n + i) * n + j] ?? 0;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const [row = 0, column = 0] = [place[i], place[j]];
        entries.data[entry++] = factor * (at(row, column) - at(column, row));
      }
    }
  }
  return entries;
}

/** Matrices B of zeros but for these entries, so that the file's form of them is what upperEntries() reads: [blocks, n, n]. */
export function withUpperEntries(
  { shape, data }: Tensor<'f32'>,
  { order, factor = 1 }: BlockForm = {},
): Tensor<'f32'> {
  const [count = 1, entries = 0] = shape;
  const n = sideOf(entries);
  const blocks = float32([count, n, n]);
  const place = order ?? rowsInOrder(n);
  let entry = 0;
  for (let block = 0; block < count; block++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const [row = 0, column = 0] = [place[i], place[j]];
        blocks.data[(block * n + row) * n + column] = (data[entry++] ?? 0) / factor;
      }
    }
  }
  return blocks;
}

/** n of n(n − 1)/2 entries above the diagonal; no integer where there is none. */
export function sideOf(entries: number): number {
  return (1 + Math.sqrt(1 + 8 * entries)) / 2;
}

/** All blocks shrunk to a norm of their matrices together; 0 is no limit. */
export function heldWithin(rotation: Tensor<'f32'>, limit: number): Tensor<'f32'> {
  const norm = Math.sqrt(2 * rotation.data.reduce((sum, value) => sum + value * value, 0));
  if (limit <= 0 || norm <= limit) return rotation;
  return float32(
    rotation.shape,
    rotation.data.map((value) => (value * limit) / norm),
  );
}

function rowsInOrder(n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => i);
}
