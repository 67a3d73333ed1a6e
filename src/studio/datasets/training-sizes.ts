/** @file Sizes that a training of a base would bring pictures to. */
import type { PictureSize } from '../../pipeline/draw/autoencoder.ts';
import { nativeSide, requirePictureSize } from '../../pipeline/draw/picture-size.ts';
import { pictureSizes } from '../../train/pictures/picture-sizes.ts';
import type { Cutting } from '../interface/dataset-operations.ts';
import { pictureSizingOf } from '../work/picture-sizing.ts';

/** @throws ConfigError NOT_HERE of a base that Studio does not offer, PICTURE_SIZE, BUCKET_STEP */
export async function trainingSizes({
  base: name = 'pocket',
  resolution,
  buckets = false,
}: Cutting): Promise<readonly PictureSize[]> {
  const base = await pictureSizingOf(name);
  const side = resolution ?? nativeSide(base);
  requirePictureSize(base, { width: side, height: side });
  return pictureSizes({ resolution: side, buckets }, base);
}
