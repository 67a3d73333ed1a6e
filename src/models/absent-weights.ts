/** @file Weights that are not at hand: what a model's files would hold, known from its configuration. */
import type { Value } from '../graph/index.ts';
import type { WeightPlace } from '../storage/weights/weight-place.ts';
import { bytesPerElement, elementCount } from '../tensor/tensor.ts';
import type { ModelWeights } from './weights.ts';

/** What files of weights hold their numbers as. */
export type Precision = 'f16' | 'f32';

/** Weights to plan with, as a file of some precision would hold them; nothing can be read from them. */
export function absentWeights(
  what: string,
  folder: string,
  { claims, dtype }: { readonly claims: ReadonlyMap<string, Value>; readonly dtype: Precision },
): ModelWeights {
  const places = new Map<string, WeightPlace>();
  let totalBytes = 0;
  for (const [name, { shape }] of claims) {
    const byteLength = elementCount(shape) * bytesPerElement[dtype];
    places.set(name, {
      entry: { name, dtype, shape, offset: totalBytes, byteLength },
      file: folder,
    });
    totalBytes += byteLength;
  }
  return { what, folder, places, totalBytes };
}
