/** @file Which sizes of pictures a base model can make. */
import { ConfigError } from '../../base/errors.ts';
import type { UNetConfig } from '../../models/unet/unet-config.ts';
import type { VaeConfig } from '../../models/vae/vae-config.ts';
import type { PictureSize } from './autoencoder.ts';

/** Sides are multiples of this whatever the model, as in every tool for Stable Diffusion. */
const leastMultiple = 8;

/** What of a base model decides the sizes of its pictures: two configurations, and no weights. */
export interface PictureSizing {
  readonly unet: { readonly config: UNetConfig };
  readonly vae: { readonly config: VaeConfig };
}

/** Pixels of which a picture's sides are multiples: whole latents, and no less than usual. */
export function sideMultiple({ vae }: Pick<PictureSizing, 'vae'>): number {
  return Math.max(leastMultiple, vae.config.downsampling);
}

/** The side that a base model was trained at. */
export function nativeSide({ unet, vae }: PictureSizing): number {
  return unet.config.sampleSize * vae.config.downsampling;
}

/** The allowed side nearest to a number of pixels. */
export function nearestSide(base: Pick<PictureSizing, 'vae'>, pixels: number): number {
  const multiple = sideMultiple(base);
  return Math.max(1, Math.round(pixels / multiple)) * multiple;
}

/**
 * Refuses a size whose sides are no whole number of latents.
 *
 * @throws ConfigError PICTURE_SIZE naming the nearest sizes that work
 */
export function requirePictureSize(
  base: Pick<PictureSizing, 'vae'>,
  { width, height }: PictureSize,
): void {
  const multiple = sideMultiple(base);
  for (const [name, pixels] of Object.entries({ width, height })) {
    if (pixels % multiple === 0) continue;
    const below = Math.floor(pixels / multiple) * multiple;
    const nearest = below === 0 ? `${multiple} is` : `${below} and ${below + multiple} are`;
    throw new ConfigError(
      'PICTURE_SIZE',
      `${name}: ${pixels} pixels are no whole number of latents; ${nearest} nearest (multiples of ${multiple})`,
      { details: { pixels: String(pixels), multiple: String(multiple) } },
    );
  }
}
