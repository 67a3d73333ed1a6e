/** @file What a mask makes of a loss: how much each place of a sample counts. */
import { luminance } from '../../base/numbers/luminance.ts';
import { required } from '../../base/required.ts';
import type { Image } from '../../data/image.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import type { MaskSource } from '../settings/mask-settings.ts';
import type { TrainConfig } from '../train-options.ts';

/** Settings of a run about masks. */
export type MaskSettings = Pick<TrainConfig, 'masks' | 'unmaskedWeight' | 'normalizeMasks'>;

/** Whether the run's samples have weights by place; then all of them have. */
export function isMasked({ masks }: Pick<TrainConfig, 'masks'>): boolean {
  return masks !== 'none';
}

/** Where the masks come from; undefined where there are none. */
export function maskSourceOf({ masks }: Pick<TrainConfig, 'masks'>): MaskSource | undefined {
  return masks === 'none' ? undefined : masks;
}

/**
 * A mask at the size of latents: each of them has the mean of the pixels that it stands for, from 0 (black) to 1 (white).
 *
 * @param mask the part of it that is trained
 * @param downsampling pixels of a latent's side
 * @returns [1, 1, h, w]
 */
export function shareOfLatents(
  { width, height, data }: Image,
  downsampling: number,
): Tensor<'f32'> {
  const across = width / downsampling;
  const sums = new Float64Array(across * (height / downsampling));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / downsampling) * across + Math.floor(x / downsampling);
      const at = 3 * (y * width + x);
      sums[cell] = required(sums, cell) + luminance(data.subarray(at, at + 3));
    }
  }
  const white = 255 * downsampling ** 2;
  return float32(
    [1, 1, height / downsampling, across],
    sums.map((sum) => sum / white),
  );
}

interface MaskedPicture {
  readonly mean: Tensor<'f32'>; // [1, C, h, w]
  readonly mask?: Tensor<'f32'> | undefined; // [1, 1, h, w]
}

/**
 * Weights of a picture's latents: its mask, and outside of it no less than `unmaskedWeight`; over their mean where masks
 * are normalised. That is OneTrainer's rule: loss = mean(w · e), or mean(w · e) / mean(w). With `unmaskedWeight` 0 the
 * first is sd-scripts' masked loss. A picture without a mask counts 1 everywhere.
 *
 * @returns [1, 1, h, w]
 */
export function placeWeightsOf(
  { mean: { shape }, mask }: MaskedPicture,
  { unmaskedWeight, normalizeMasks }: MaskSettings,
): Tensor<'f32'> {
  const [height = 1, width = 1] = shape.slice(2);
  const weights = float32([1, 1, height, width]);
  if (mask === undefined) weights.data.fill(1);
  else weights.data.set(mask.data.map((share) => Math.max(share, unmaskedWeight)));
  if (!normalizeMasks) return weights;
  const mean = weights.data.reduce((sum, weight) => sum + weight, 0) / weights.data.length;
  // Nothing of a mask that is black at the size of latents is learned, divided or not.
  return mean === 0 ? weights : { ...weights, data: weights.data.map((weight) => weight / mean) };
}
