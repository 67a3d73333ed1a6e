/** @file Captions: what is said of a scene, and the same of the scene alone. */
import { backgroundNamed } from './backgrounds/backgrounds.ts';
import { type AccessoryName, accessoryNamed } from './drawing/accessories.ts';
import type { Look, Mark, Pattern } from './looks/look.ts';
import type { ColourName } from './looks/palette.ts';
import { type StyleName, styleNamed } from './styles/styles.ts';

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
export const patternWords = {
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
    accessory === undefined ? '' : accessoryNamed(accessory).phrase,
    phrase,
  );
  if (style !== undefined) return styleNamed(style).caption(object);
  return isPhoto ? `a photo of ${object}` : object;
}

/** The scene without its object, to score how much of the scene a picture shows: `a pencil sketch, sunglasses, a beach`. */
export function sceneWords({ style, colour, accessory, background }: SaidScene): string {
  const said = [
    style === undefined ? '' : styleNamed(style).words,
    colour === undefined ? '' : `something ${colour}`,
    accessory === undefined ? '' : accessoryNamed(accessory).words,
    background === undefined ? '' : backgroundNamed(background).words,
  ];
  return said.filter((words) => words !== '').join(', ');
}
