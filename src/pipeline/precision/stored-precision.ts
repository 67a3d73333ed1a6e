/** @file A base in the precision that it computes with, its eight bits at hand. */
import { withEightBits } from '../../models/eight-bit-weights.ts';
import type { ConstantsHost } from '../adapters/site-constants.ts';
import type { BaseModel } from '../base/base-model.ts';
import { eightBitUse } from './base-precision.ts';
import { eightBitPlaces } from './eight-bit-file.ts';

/**
 * The model with its weights in eight bits where it was given such a precision; itself where not.
 *
 * @throws as eightBitPlaces
 */
export async function withStoredPrecision<Base extends BaseModel>(
  base: Base,
  host: ConstantsHost = {},
): Promise<Base> {
  const { precision = 'stored', unet } = base;
  const use = eightBitUse[precision];
  if (use === undefined) return base;
  const places = await eightBitPlaces(unet.weights, use, host);
  const weights = withEightBits(unet.weights, use, (name) => places.get(name));
  return { ...base, unet: { ...unet, weights } };
}
