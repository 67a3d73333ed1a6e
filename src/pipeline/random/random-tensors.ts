/** @file Seeded random weights that keep a network's activations finite, made piece by piece. */
import type { TorchGenerator } from '../../base/torch-random.ts';
import { narrowed } from '../../tensor/half.ts';
import { elementCount, type Shape } from '../../tensor/tensor.ts';

/** Precisions in which weights are published. */
export const weightDTypes = ['f16', 'bf16', 'f32'] as const;

export type WeightDType = (typeof weightDTypes)[number];

/**
 * Normals drawn per tensor, repeated until it is full. A prime, so that no row of a matrix equals another: rows are
 * the same numbers at different places.
 */
const tileLength = 65_521;

/** Standard deviation times √(inputs): below 1, so that sums over a residual network grow slowly. */
const gain = 0.7;

/** Tiles of a piece: half a megabyte in half precision. */
const tilesPerPiece = 4;

/** Bytes of a weight: normal for matrices and kernels, one for the scales of norms, zero for biases. */
export function* randomTensor(
  name: string,
  { dtype, shape }: { readonly dtype: WeightDType; readonly shape: Shape },
  random: TorchGenerator,
): Generator<Uint8Array> {
  const numbers = tileOf(name, shape, random);
  const tile = dtype === 'f32' ? numbers : narrowed(numbers, dtype);
  const tileBytes = new Uint8Array(tile.buffer);
  const piece = new Uint8Array(tilesPerPiece * tileBytes.length);
  for (let i = 0; i < tilesPerPiece; i++) piece.set(tileBytes, i * tileBytes.length);
  const total = elementCount(shape) * tile.BYTES_PER_ELEMENT;
  for (let start = 0; start < total; start += piece.length) {
    yield piece.subarray(0, Math.min(piece.length, total - start));
  }
}

function tileOf(name: string, shape: Shape, random: TorchGenerator): Float32Array<ArrayBuffer> {
  const length = Math.min(elementCount(shape), tileLength);
  if (shape.length === 1) return new Float32Array(length).fill(name.endsWith('.bias') ? 0 : 1);
  const deviation = gain / Math.sqrt(elementCount(shape.slice(1)));
  return random.randn(length).map((normal) => deviation * normal);
}
