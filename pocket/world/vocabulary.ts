/** @file Every word that a caption may have. */
import { backgrounds } from './backgrounds/backgrounds.ts';
import { patternWords } from './captions.ts';
import { classes } from './classes/classes.ts';
import { accessories } from './drawing/accessories.ts';
import { marks } from './looks/look.ts';
import { colourNames } from './looks/palette.ts';
import { styles } from './styles/styles.ts';

/** The words of captions and of scenes alone, in order, without identifiers of subjects; upper case as in captions. */
export function vocabulary(): readonly string[] {
  const texts = [
    ...['a an photo of with something'],
    ...classes.map(({ name }) => name),
    ...colourNames,
    ...Object.values(patternWords),
    ...marks.filter((mark) => mark !== 'none'),
    ...accessories.flatMap(({ phrase, words }) => [phrase, words]),
    ...backgrounds.flatMap(({ phrases, words }) => [...phrases, words]),
    ...styles.flatMap(({ caption, words }) => [caption(''), words]),
  ];
  const words = texts.flatMap((text) => text.split(' ')).filter((word) => word !== '');
  return [...new Set(words)].sort();
}
