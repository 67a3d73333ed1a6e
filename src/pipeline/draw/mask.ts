/** @file What of a picture may be repainted, in pixels and in latents. */
import { DataError } from '../../base/errors.ts';
import { luminance } from '../../base/numbers/luminance.ts';
import type { Image } from '../../data/image.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';

/** Which pixels are repainted, rows from the top. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** 1 where a pixel is repainted, 0 where it is kept. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * The mask that a picture draws: white is repainted, black kept, grey whichever is nearer.
 *
 * @param where names the picture in errors
 * @throws DataError MASK_EMPTY where it has no white
 */
export function maskFromImage({ width, height, data }: Image, where: string): Mask {
  const repainted = Uint8Array.from({ length: width * height }, (_, pixel) => {
    const level = luminance(data.subarray(pixel * 3, pixel * 3 + 3));
    return level >= 255 / 2 ? 1 : 0;
  });
  if (repainted.includes(1)) return { width, height, data: repainted };
  throw new DataError(
    'MASK_EMPTY',
    `${where}: nothing to repaint; a mask is white where the picture is repainted and black where it is kept, this one has no white`,
  );
}

/**
 * A mask for latents of `downsampling` pixels: [1, 1, h, w], 1 where they are repainted.
 *
 * A latent is repainted as soon as one of its pixels is, so that none is left behind at the mask's edge; diffusers asks
 * only the pixel at its corner.
 */
export function latentMask({ width, height, data }: Mask, downsampling: number): Tensor<'f32'> {
  const across = width / downsampling;
  const latents = float32([1, 1, height / downsampling, across]);
  data.forEach((repainted, pixel) => {
    if (repainted === 0) return;
    const row = Math.floor(Math.floor(pixel / width) / downsampling);
    latents.data[row * across + Math.floor((pixel % width) / downsampling)] = 1;
  });
  return latents;
}

/** A picture [1, 3, H, W] in [−1, 1] whose repainted pixels are mid-grey, which is all that an in-painting UNet sees of them. */
export function withoutRepainted(picture: Tensor<'f32'>, mask: Mask): Tensor<'f32'> {
  const pixels = mask.data.length;
  return float32(
    picture.shape,
    picture.data.map((value, i) => (mask.data[i % pixels] === 1 ? 0 : value)),
  );
}

/** The result with every pixel that the mask keeps taken from the original; all three are of one size. */
export function keepingOriginal(result: Image, original: Image, mask: Mask): Image {
  const data = result.data.map((level, i) =>
    mask.data[Math.floor(i / 3)] === 1 ? level : (original.data[i] ?? 0),
  );
  return { ...result, data };
}
