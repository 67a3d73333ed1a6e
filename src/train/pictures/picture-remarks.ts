/** @file What one should know of pictures before they are trained on, milder than warnings: each by its kind, with the names. */
import { firstNames, formatPlural } from '../../base/quantities.ts';
import type { Size } from '../../data/cover.ts';
import { enlargement, keptShare, pictureCut } from './picture-cut.ts';
import { nearDuplicates, sameBackground } from './picture-likeness.ts';
import type { PictureTraits } from './picture-traits.ts';

export type PictureRemarkKind =
  | 'too small'
  | 'blurred'
  | 'near duplicates'
  | 'ratio cut'
  | 'same background'
  | 'missing captions'
  | 'few pictures';

/** A remark; of near duplicates there is one for each group. */
export interface PictureRemark {
  readonly kind: PictureRemarkKind;
  readonly names: readonly string[];
  /** One sentence. */
  readonly message: string;
}

/** A picture as it was measured. */
export interface MeasuredPicture extends PictureTraits {
  readonly name: string;
  readonly caption: string | undefined;
}

/** A fifth more is not seen; half as much again is. */
const mostEnlarged = 1.2;

/** Cameras' 3 : 2 keeps two thirds as a square, screens' 16 : 9 loses 44 of 100. */
const leastKept = 0.65;

/**
 * Of 158 photographs of DreamBooth's data set the least sharp has 300. Blurred by a deviation of 2 of the 256 pixels
 * that pictures are measured at, which one sees at once in pictures of 512, the sharpest of them has 55.
 */
const leastSharp = 100;

/** DreamBooth was made for three to five. */
const fewest = 3;

/**
 * Remarks on the pictures of one subject.
 *
 * @param sizes that the training brings them to
 */
export function pictureRemarks(
  pictures: readonly MeasuredPicture[],
  sizes: readonly Size[],
): readonly PictureRemark[] {
  const cut = pictures.map((picture) => ({ picture, ...pictureCut(picture, sizes) }));
  const small = cut.filter(({ picture, target }) => enlargement(picture, target) > mostEnlarged);
  const long = cut.filter(({ picture, target }) => keptShare(picture, target) < leastKept);
  const blurred = pictures.filter(({ sharpness }) => sharpness < leastSharp);
  const without = pictures.filter(({ caption }) => caption === undefined);
  const isSomeDescribed = without.length < pictures.length;
  return [
    ...remarkOn(
      'too small',
      small.map(({ picture }) => picture),
      'smaller than the training size, and learnt with the blur of the enlargement; use larger pictures or a smaller resolution',
    ),
    ...remarkOn('blurred', blurred, 'blurred, and the blur is learnt; use sharp pictures'),
    ...nearDuplicates(pictures).flatMap((group) =>
      remarkOn('near duplicates', group, 'nearly the same picture; keep one of them'),
    ),
    ...remarkOn(
      'ratio cut',
      long.map(({ picture }) => picture),
      'loses more than a third once cut to the training size; cut it yourself, or keep proportions with `buckets: true`',
    ),
    ...remarkOn(
      'same background',
      sameBackground(pictures),
      'all before the same background, which is learnt with the subject; add pictures before others',
    ),
    ...remarkOn(
      'missing captions',
      isSomeDescribed ? without : [],
      'without a caption, where others have one; the prompt stands for it',
    ),
    ...fewPictures(pictures),
  ];
}

function remarkOn(
  kind: PictureRemarkKind,
  pictures: readonly MeasuredPicture[],
  fact: string,
): readonly PictureRemark[] {
  if (pictures.length === 0) return [];
  const names = pictures.map(({ name }) => name);
  return [{ kind, names, message: `${firstNames(names)}: ${fact}` }];
}

function fewPictures(pictures: readonly MeasuredPicture[]): readonly PictureRemark[] {
  if (pictures.length === 0 || pictures.length >= fewest) return [];
  const names = pictures.map(({ name }) => name);
  const message = `${formatPlural(pictures.length, 'picture')}: three to six from several sides show what belongs to the subject`;
  return [{ kind: 'few pictures', names, message }];
}
