/** @file Noise whose mean varies: lets a model learn pictures that are dark or bright as a whole. */
import { invariant } from '../base/errors.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';

const { fround } = Math;

/**
 * noise + strength · normals, the same for all pixels of a sample's channel (Guttenberg, "Diffusion with Offset
 * Noise", 2023; diffusers' `noise_offset`).
 *
 * @param noise [N, C, h, w]
 * @param normals standard normal numbers, one a sample and channel: N·C
 */
export function offsetNoise(
  noise: Tensor<'f32'>,
  normals: ArrayLike<number>,
  strength: number,
): Tensor<'f32'> {
  const pixels = noise.data.length / normals.length;
  invariant(Number.isInteger(pixels), 'offsetNoise() needs one normal number a channel');
  const result = float32(noise.shape);
  noise.data.forEach((value, i) => {
    result.data[i] = value + fround(fround(strength) * (normals[Math.floor(i / pixels)] ?? 0));
  });
  return result;
}
