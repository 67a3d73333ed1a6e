/** @file Masks of training pictures, cut as the pictures are. */
import { DataError } from '../../base/errors.ts';
import { type CropOrigin, cropAt, resizeToCover, type Size, sameSize } from '../../data/cover.ts';
import { decodeImage, type Image } from '../../data/image.ts';
import { isNamedAsMask } from '../../data/masks/masked-stem.ts';
import { stemOf } from '../../data/skip-reason.ts';
import { dreamboothTransform } from '../../data/transforms.ts';
import { readRegularFile } from '../../storage/regular-file.ts';
import type { MaskSource } from '../settings/mask-settings.ts';

/** A picture whose mask is looked for. */
export interface PictureToMask {
  /** Of its file. */
  readonly path: string;
  /** Of the mask beside it, where it has one. */
  readonly mask: string | undefined;
  readonly original: Size;
  readonly target: Size;
  /** Where it is cut. */
  readonly places: readonly CropOrigin[];
}

/**
 * The parts of a picture's mask that are trained, resized and cut exactly as the picture is; undefined where it has none.
 *
 * @throws DataError IMAGE_UNREADABLE; MASK_SIZE where it is not as large as the picture; MASK_BLACK where nothing is left
 */
export async function cutMask(
  picture: PictureToMask,
  source: MaskSource,
): Promise<readonly Image[] | undefined> {
  const found = await maskOf(picture, source);
  if (found === undefined) return undefined;
  const { where, image } = found;
  const { path, original, target, places } = picture;
  if (!sameSize(image, original)) {
    throw new DataError(
      'MASK_SIZE',
      `${where}: expected a mask of ${original.width} x ${original.height} pixels, as ${path} is once upright, found ${image.width} x ${image.height}; make it of that size`,
    );
  }
  const resized = resizeToCover(image, target, dreamboothTransform(target).filter);
  const parts = places.map((place) => cropAt(resized, target, place));
  if (parts.some(({ data }) => data.some((level) => level > 0))) return parts;
  throw new DataError(
    'MASK_BLACK',
    `${where}: nothing of ${path} would be learned: the mask is black wherever the picture is trained; white is what is learned, so paint it, or leave the picture out`,
  );
}

interface FoundMask {
  /** Names it in errors. */
  readonly where: string;
  readonly image: Image;
}

async function maskOf(
  { path, mask }: PictureToMask,
  source: MaskSource,
): Promise<FoundMask | undefined> {
  if (mask !== undefined && source !== 'alpha') {
    // As Pillow turns it grey: what is transparent counts by its colour.
    const image = await decodeImage(await readRegularFile(mask), mask, { alpha: 'drop' });
    return { where: mask, image };
  }
  if (source === 'files') return undefined;
  const image = await decodeImage(await readRegularFile(path), path, { alpha: 'alone' });
  return image.data.every((level) => level === 255)
    ? undefined
    : { where: `the transparency of ${path}`, image };
}

interface MaskedPicture {
  readonly name: string;
  readonly mask?: Image | undefined;
}

/** Pictures that have no mask where others have, and those that look like masks themselves. */
export function unmaskedOf(pictures: readonly MaskedPicture[]): {
  readonly without: readonly string[];
  readonly likeMasks: readonly string[];
} {
  const without = pictures.filter(({ mask }) => mask === undefined).map(({ name }) => name);
  return {
    without: without.length === pictures.length ? [] : without,
    likeMasks: pictures.map(({ name }) => name).filter((name) => isNamedAsMask(stemOf(name))),
  };
}

/**
 * Refuses pictures of which none has a mask.
 *
 * @throws DataError MASKS_MISSING
 */
export function requireMasks(
  folder: string,
  pictures: readonly MaskedPicture[],
  source: MaskSource,
): void {
  if (source === 'auto' || pictures.some(({ mask }) => mask !== undefined)) return;
  const advice =
    source === 'alpha'
      ? 'all of them are opaque; take pictures with transparency'
      : 'put dog1-masklabel.png (or dog1_mask.png) beside dog1.jpg, or say with `maskImages` where they are';
  throw new DataError(
    'MASKS_MISSING',
    `${folder}: \`masks: ${source}\` asks for masks, and none of ${pictures.length} pictures has one: ${advice}, or leave \`masks\` out`,
  );
}
