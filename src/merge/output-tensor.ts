/** @file Tensors of a checkpoint to be written: what they are, and their values when their turn comes. */
import { AdapterError } from '../base/errors.ts';
import type { TensorSpec } from '../formats/safetensors/safetensors-layout.ts';
import {
  fromFloat32,
  isEightBits,
  type StoredDType,
  storedDTypes,
  toFloat32,
} from '../tensor/half.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { MergedWeights } from './merged-weights.ts';

/** Precisions to write weights in; `as-is` is that of the base, weight by weight. */
export const mergedDTypes = ['as-is', ...storedDTypes] as const;

export type MergedDType = (typeof mergedDTypes)[number];

/** A tensor of a file to be written. */
export interface OutputTensor extends TensorSpec {
  /** Its elements, of the stated dtype and in the stated order. */
  readonly read: () => Promise<Tensor>;
}

export type OutputTensors = ReadonlyMap<string, OutputTensor>;

/** A weight with the adapters in it, in the precision chosen. */
export function outputWeight(
  weights: MergedWeights,
  name: string,
  choice: MergedDType,
): OutputTensor {
  const dtype = chosenDType(weights, name, choice);
  return {
    dtype,
    shape: weights.shapeOf(name),
    read: async () => rounded(await weights.read(name), dtype, name),
  };
}

/** The precision of a weight in the output. */
export function chosenDType(
  weights: Pick<MergedWeights, 'dtypeOf' | 'shapeOf'>,
  name: string,
  choice: MergedDType,
): StoredDType {
  // Eight bits are of the matrices of UNet and text encoders; biases, norms and the autoencoder show their coarseness.
  const isCoarse = choice !== 'as-is' && isEightBits(choice);
  if (isCoarse && (weights.shapeOf(name).length < 2 || name.startsWith('vae.'))) return 'f16';
  if (choice !== 'as-is') return choice;
  const stored = weights.dtypeOf(name);
  // All their numbers are numbers of half precision, and changes would be lost in them where nobody asks for it.
  if (isEightBits(stored)) return 'f16';
  return stored === 'f16' || stored === 'bf16' ? stored : 'f32';
}

/** Above this, numbers round to infinity in half precision (IEEE 754, binary16). */
const halfLimit = 65520;

/**
 * A weight in a precision; one that is in it already is left alone.
 *
 * @throws AdapterError MERGED_NOT_FINITE where that would make it infinite
 */
export function rounded(source: Tensor, dtype: StoredDType, name: string): Tensor {
  if (source.dtype === dtype) return source;
  const values = toFloat32(source);
  const limit = dtype === 'f16' ? halfLimit : Number.POSITIVE_INFINITY;
  const broken = values.data.find((value) => !(Math.abs(value) < limit));
  if (broken === undefined) return fromFloat32(values, dtype);
  throw new AdapterError(
    'MERGED_NOT_FINITE',
    `${name} holds ${broken} with the adapters, which ${dtype} cannot; use dtype bf16 or f32, or lower strengths`,
  );
}
