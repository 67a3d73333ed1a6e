/** @file What pictures let one expect before they are trained on: too small, slivers, equal ones, missing captions. */
import { DataError } from '../../base/errors.ts';
import type { Size } from '../../data/cover.ts';
import type { Image } from '../../data/image.ts';
import { createHash } from '../../platform/hashes.ts';
import { unmaskedOf } from '../masks/cut-masks.ts';
import { enlargement, keptShare } from './picture-cut.ts';

/** A picture cut to its training size. */
interface CutPicture {
  /** Relative to its folder. */
  readonly name: string;
  readonly captions: readonly string[];
  readonly crop: Image;
  readonly framing: { readonly original: Size; readonly target: Size };
  readonly mask?: Image | undefined;
}

/** Beyond twice its size, a picture shows a model more of the resampling than of the subject. */
const mostEnlarged = 2;

/** A picture three times as long as its training size keeps a third; panoramas of 2 : 1 keep half. */
const leastKept = 1 / 3;

/** U+FFFD, which programs leave where they could not read a letter. */
const lostLetter = '\uFFFD';

const mostNamed = 5;

/**
 * Warnings about the pictures of a folder, each naming them.
 *
 * @param asked whether the pictures were to have captions, and masks
 */
export function pictureWarnings(
  pictures: readonly CutPicture[],
  { captions, masks = false }: { readonly captions: boolean; readonly masks?: boolean },
): readonly string[] {
  const sized = ({ name, framing: { original } }: CutPicture) =>
    `${name} (${original.width} x ${original.height})`;
  const missing = captions ? pictures.filter((each) => each.captions.length === 0) : [];
  const isNone = missing.length === pictures.length;
  const { without, likeMasks } = masks ? unmaskedOf(pictures) : { without: [], likeMasks: [] };
  return [
    ...about(
      pictures
        .filter(({ framing: { original, target } }) => enlargement(original, target) > mostEnlarged)
        .map(sized),
      'enlarged more than twice to the training size, which teaches blur; use larger pictures or a smaller resolution',
    ),
    ...about(
      pictures
        .filter(({ framing: { original, target } }) => keptShare(original, target) < leastKept)
        .map(sized),
      'so long that less than a third is left once cut to the training size; cut out the subject yourself',
    ),
    ...about(
      groupsOfEqual(pictures).map((names) => names.join(' = ')),
      'equal, so that one picture counts as often as it is there; keep one of each',
    ),
    ...about(
      isNone ? [] : missing.map(({ name }) => name),
      'without a caption; the prompt stands for it',
    ),
    ...about(without, 'without a mask, where others have one; all of it is learned'),
    ...about(
      likeMasks,
      'by its name a mask, of no picture here, and trained as a picture; rename or remove it',
    ),
    ...about(
      pictures
        .filter((each) => each.captions.some((caption) => caption.includes(lostLetter)))
        .map(({ name }) => name),
      'has a letter in its caption that another program lost (U+FFFD); write it anew',
    ),
  ];
}

/**
 * Refuses pictures of which none has a caption.
 *
 * @throws DataError CAPTIONS_MISSING
 */
export function requireCaptions(folder: string, pictures: readonly CutPicture[]): void {
  if (pictures.some(({ captions }) => captions.length > 0)) return;
  throw new DataError(
    'CAPTIONS_MISSING',
    `${folder}: captions are asked for, and none of ${pictures.length} pictures has one; write dog1.txt (or dog1.caption) beside dog1.jpg, or a line of metadata.jsonl, or leave \`captions\` out to train on the prompt`,
  );
}

function about(names: readonly string[], fact: string): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return [`${names.slice(0, mostNamed).join(', ')}${more}: ${fact}`];
}

/** Names of pictures that are alike to the last bit once cut. */
function groupsOfEqual(pictures: readonly CutPicture[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const { name, crop } of pictures) {
    const hash = createHash('sha256').update(`${crop.width} `).update(crop.data).digest('hex');
    groups.set(hash, [...(groups.get(hash) ?? []), name]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
