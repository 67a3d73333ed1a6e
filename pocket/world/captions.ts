/** @file Captions: what is said of a scene, and the same of the scene alone. */

import { backgrounds } from './backgrounds/backgrounds.ts';
import { type AccessoryName, accessories } from './drawing/accessories.ts';
import type { Look, Mark, Pattern } from './looks/look.ts';
import type { ColourName } from './looks/palette.ts';
import { type StyleName, styles } from './styles/styles.ts';

/** What a caption says of all around the object; what it leaves out is not said, though it may be seen. */
export interface SaidScene {
  readonly style?: StyleName | undefined;
  readonly colour?: ColourName | undefined;
  readonly accessory?: AccessoryName | undefined;
  readonly background?: string | undefined;
}

/** What a caption says of the object itself. */
export interface SaidObject {
  readonly className: string;
  /** Its pattern and mark in words, where they are said: `a striped cat with a star`. */
  readonly detail?: Pick<Look, 'pattern' | 'mark'> | undefined;
}

/** How a pattern is said before the class word. */
const patternWords = {
  plain: '',
  stripes: 'striped',
  bars: 'barred',
  dots: 'dotted',
  checks: 'checked',
  patches: 'patched',
  zigzag: 'zigzag',
  band: 'banded',
  halves: 'two-tone',
} as const satisfies Readonly<Record<Pattern, string>>;

const markWords = (mark: Mark): string => (mark === 'none' ? '' : `with a ${mark}`);

const joined = (...words: readonly string[]): string =>
  words.filter((word) => word !== '').join(' ');

/** The words with "a" or "an" before them, by the first letter: every word of the world is spoken as it is written. */
export const withArticle = (words: string): string =>
  `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

const named = <T extends { readonly name: string }>(
  list: readonly T[],
  name: string | undefined,
): T | undefined => list.find((one) => one.name === name);

/** Ways to say a background, the first of them the usual one. */
export const backgroundPhrases = (name: string): readonly string[] =>
  named(backgrounds, name)?.phrases ?? [];

/**
 * A caption: `a pencil sketch of a striped cat wearing sunglasses on the beach`.
 *
 * @param phrase one of the background's, where the background is said
 * @param isPhoto whether it begins with "a photo of", where no style is said
 */
export function captionOf(
  { className, detail }: SaidObject,
  { style, colour, accessory }: SaidScene,
  {
    phrase = '',
    isPhoto = false,
  }: { readonly phrase?: string | undefined; readonly isPhoto?: boolean },
): string {
  const pattern = detail === undefined ? '' : patternWords[detail.pattern];
  const mark = detail === undefined ? '' : markWords(detail.mark);
  const object = joined(
    withArticle(joined(colour ?? '', pattern, className)),
    mark,
    named(accessories, accessory)?.phrase ?? '',
    phrase,
  );
  const said = named(styles, style);
  if (said !== undefined) return said.caption(object);
  return isPhoto ? `a photo of ${object}` : object;
}

/** The scene without its object, to score how much of the scene a picture shows: `a pencil sketch, sunglasses, a beach`. */
export function sceneWords({ style, colour, accessory, background }: SaidScene): string {
  const said = [
    named(styles, style)?.words,
    colour === undefined ? undefined : `something ${colour}`,
    named(accessories, accessory)?.words,
    named(backgrounds, background)?.words,
  ];
  return said.filter((words) => words !== undefined).join(', ');
}
