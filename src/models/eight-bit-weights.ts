/** @file Which weights of a UNet are rounded to eight bits, and a UNet's weights with theirs. */
import {
  type EightBitPart,
  type EightBitUse,
  eightBitParts,
  partName,
} from '../nn/eight-bit-weight.ts';
import type { WeightPlace } from '../storage/weights/weight-place.ts';
import { bytesPerElement, type DType, elementCount, type Shape } from '../tensor/tensor.ts';
import type { ModelWeights } from './weights.ts';

/** A part of a weight as it would be stored. */
export interface PartSpec {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The weight that it is a part of, and which. */
  readonly of: string;
  readonly part: EightBitPart;
}

/**
 * Those of the blocks. What comes before and after them is small and decides much: the first and the last convolution, and
 * what is made of the time, of which one row a picture is multiplied.
 */
const ofBlocks = /^(down_blocks|mid_block|up_blocks)\..*\.weight$/;
const ofTime = /\.time_emb_proj\./;

function isRounded(name: string, { length }: Shape): boolean {
  return ofBlocks.test(name) && !ofTime.test(name) && (length === 2 || length === 4);
}

/** Everything that is stored of a UNet's weights in eight bits, by name. */
export function eightBitSpecs(
  { places }: ModelWeights,
  use: EightBitUse,
): ReadonlyMap<string, PartSpec> {
  const specs = new Map<string, PartSpec>();
  for (const [name, { entry }] of places) {
    if (!isRounded(name, entry.shape)) continue;
    for (const [part, type] of Object.entries(eightBitParts(entry.shape, use))) {
      const which = part as EightBitPart;
      specs.set(partName(name, which), { ...type, of: name, part: which });
    }
  }
  return specs;
}

/** A UNet's weights with their eight bits, where they lie; without `placed` they are to plan with. */
export function withEightBits(
  weights: ModelWeights,
  use: EightBitUse,
  placed: (name: string) => WeightPlace | undefined = () => undefined,
): ModelWeights {
  const places = new Map(weights.places);
  for (const [name, { dtype, shape, of }] of eightBitSpecs(weights, use)) {
    const whole = places.get(of);
    if (whole !== undefined) places.set(of, { ...whole, eightBits: use });
    const byteLength = elementCount(shape) * bytesPerElement[dtype];
    const entry = { name, dtype, shape, offset: 0, byteLength };
    places.set(name, placed(name) ?? { entry, file: weights.folder });
  }
  return { ...weights, places };
}
