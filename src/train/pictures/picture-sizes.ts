/** @file The sizes that training pictures are brought to: one square, or aspect-ratio buckets of its area. */
import { ConfigError } from '../../base/errors.ts';
import { bucketSizes } from '../../data/buckets.ts';
import type { PictureSize } from '../../pipeline/draw/autoencoder.ts';
import { nativeSide, type PictureSizing, sideMultiple } from '../../pipeline/draw/picture-size.ts';
import type { TrainConfig } from '../train-options.ts';

/**
 * The sizes that pictures of the subject may have.
 *
 * @throws ConfigError BUCKET_STEP
 */
export function pictureSizes(
  config: Pick<TrainConfig, 'resolution' | 'buckets' | 'bucketStep'>,
  base: PictureSizing,
): readonly PictureSize[] {
  const { resolution = nativeSide(base), buckets, bucketStep = usualStep(base) } = config;
  if (!buckets) return [{ height: resolution, width: resolution }];
  const multiple = sideMultiple(base);
  if (bucketStep % multiple !== 0 || bucketStep > resolution) {
    throw new ConfigError(
      'BUCKET_STEP',
      `bucketStep: expected a multiple of ${multiple} pixels, at most the resolution of ${resolution}, got ${bucketStep}`,
    );
  }
  return bucketSizes(resolution, bucketStep);
}

/**
 * A sixteenth of the native side, rounded up to what the UNet halves evenly on its way down: 64 pixels for Stable
 * Diffusion 1.x, 2.x and XL.
 */
function usualStep(base: PictureSizing): number {
  const { unet, vae } = base;
  const coarsest = vae.config.downsampling * 2 ** (unet.config.levels.length - 1);
  return Math.ceil(nativeSide(base) / 16 / coarsest) * coarsest;
}

/** A size, and how many pictures have it. */
export interface SizeCount extends PictureSize {
  readonly pictures: number;
}

/** The sizes that pictures have, in the order of their first. */
export function countSizes(sizes: readonly PictureSize[]): readonly SizeCount[] {
  const counts = new Map<string, SizeCount>();
  for (const { width, height } of sizes) {
    const key = `${width} x ${height}`;
    const { pictures = 0 } = counts.get(key) ?? {};
    counts.set(key, { width, height, pictures: pictures + 1 });
  }
  return [...counts.values()];
}
