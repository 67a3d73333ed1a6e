/** @file Pictures that are like others: near duplicates, and one background behind all. */
import { required } from '../../base/required.ts';
import { cellsAcross, type PictureTraits } from './picture-traits.ts';

/** A difference of less luminance is none: noise would decide in plain areas. */
const leastStep = 1;

/**
 * Share of differing steps below which two pictures are near duplicates. Between 11,781 pairs of the photographs of
 * DreamBooth's data set, also of one subject, it is at least 0.19; between a photograph and a copy of it that was
 * resized and compressed again, at most 0.13 for 99 of 100.
 */
const mostDifferent = 0.15;

/** Of colour levels along the edges: a sixth brighter is the same, another background is another picture. */
const brightened = 40;

/** Groups of at least two pictures that are near duplicates, in their order. */
export function nearDuplicates<Picture extends PictureTraits>(
  pictures: readonly Picture[],
): readonly (readonly Picture[])[] {
  const steps = new Map(pictures.map((picture) => [picture, stepsOf(picture)]));
  const groups: Picture[][] = [];
  for (const picture of pictures) {
    const isNear = (other: Picture) =>
      difference(steps.get(picture) ?? [], steps.get(other) ?? []) < mostDifferent &&
      borderDifference(picture, other) <= brightened;
    const group = groups.find((others) => others.some(isNear));
    if (group === undefined) groups.push([picture]);
    else group.push(picture);
  }
  return groups.filter(({ length }) => length > 1);
}

/** Whether it grows lighter (1), darker (-1) or neither from a cell to the next: the bits of a difference hash, in three values. */
function stepsOf({ luminances }: PictureTraits): readonly number[] {
  return Array.from({ length: cellsAcross ** 2 }, (_, cell) => {
    const at = cell + Math.floor(cell / cellsAcross);
    const step = required(luminances, at + 1) - required(luminances, at);
    return Math.abs(step) <= leastStep ? 0 : Math.sign(step);
  });
}

/** Of the places where at least one has a step, the share where they differ: things before plain white differ, too. */
function difference(a: readonly number[], b: readonly number[]): number {
  const differing = a.filter((step, place) => step !== b[place]).length;
  const stepping = a.filter((step, place) => step !== 0 || b[place] !== 0).length;
  return stepping === 0 ? 0 : differing / stepping;
}

/**
 * Mean difference of colour levels along the edges up to which backgrounds are alike. In DreamBooth's data set, pairs
 * before one background are at 4 to 18, before others of the same room at 28 and more.
 */
const likeBackground = 20;

/** Of fewer pictures, none is a rule. */
const leastAlike = 3;
/** Where a quarter of the pictures has other backgrounds, a model can tell the subject from them. */
const shareAlike = 3 / 4;

/** The pictures that have one background, where nearly all do; else none. */
export function sameBackground<Picture extends PictureTraits>(
  pictures: readonly Picture[],
): readonly Picture[] {
  const groups = pictures.map((picture) =>
    pictures.filter((other) => borderDifference(picture, other) <= likeBackground),
  );
  const largest = groups.reduce<readonly Picture[]>((a, b) => (b.length > a.length ? b : a), []);
  const isRule = largest.length >= leastAlike && largest.length >= shareAlike * pictures.length;
  return isRule ? largest : [];
}

/** Mean, of all levels. */
function borderDifference(a: PictureTraits, b: PictureTraits): number {
  const ours = a.border.flat();
  const theirs = b.border.flat();
  const sum = ours.reduce((total, level, i) => total + Math.abs(level - required(theirs, i)), 0);
  return sum / ours.length;
}
