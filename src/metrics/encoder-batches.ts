/** @file Any number of items through a network that was compiled for batches of one size. */
import { required } from '../base/required.ts';
import type { Image } from '../data/image.ts';
import { applyTransform, type Transform } from '../data/transforms.ts';
import { requireFiniteResult } from '../pipeline/network/finite-results.ts';
import { concatenated, float32, reshaped, rowsOf, type Tensor } from '../tensor/tensor.ts';

/**
 * The rows that `encode` gives for items, each divided by its L2 norm: [items, size]. The last batch is filled up.
 *
 * @param encode takes exactly `size` items and gives a row for each
 * @throws ModelError EMBEDDING_NOT_FINITE
 */
export async function encodeInBatches<Item>(
  items: readonly Item[],
  size: number,
  encode: (items: readonly Item[]) => Promise<Tensor<'f32'>>,
): Promise<Tensor<'f32'>> {
  const parts: Tensor<'f32'>[] = [];
  for (let start = 0; start < items.length; start += size) {
    const batch = items.slice(start, start + size);
    const filler = Array.from({ length: size - batch.length }, () => batch.slice(0, 1)).flat();
    const rows = await encode([...batch, ...filler]);
    parts.push(rowsOf(rows, 0, batch.length));
  }
  return requireFiniteResult(unitRows(concatenated(parts)), () => ({
    code: 'EMBEDDING_NOT_FINITE',
    what: 'what an encoder that measures makes of pictures or texts',
    advice: 'a weight of it is broken: take another copy',
  }));
}

/** Pictures as an encoder takes them: [pictures, 3, height, width]. */
export function pixelBatch(pictures: readonly Image[], transform: Transform): Tensor<'f32'> {
  const tensors = pictures.map((picture) => applyTransform(picture, transform));
  return concatenated(tensors.map((each) => reshaped(each, [1, ...each.shape])));
}

/** Rows divided by their L2 norms. */
export function unitRows({ shape, data }: Tensor<'f32'>): Tensor<'f32'> {
  const width = required(shape, 1);
  const norms = Array.from({ length: required(shape, 0) }, (_, row) =>
    Math.hypot(...data.subarray(row * width, (row + 1) * width)),
  );
  return float32(
    shape,
    data.map((value, i) => value / required(norms, Math.floor(i / width))),
  );
}
