/** @file A look: everything by which one cat differs from the next, and which looks training never shows. */
import { required } from '../../../src/base/required.ts';
import type { Chance } from '../chance.ts';
import { type Colour, distance } from './colours.ts';
import { type ColourName, colourNames, palette } from './palette.ts';

/** What covers a body in the second colour. */
export const patterns = [
  ...['plain', 'stripes', 'bars', 'dots', 'checks', 'patches', 'zigzag', 'band', 'halves'],
] as const;
export type Pattern = (typeof patterns)[number];

/** A sign on the place that a class has for it. */
export const marks = ['none', 'star', 'heart', 'ring', 'cross', 'moon', 'bolt', 'diamond'] as const;
export type Mark = (typeof marks)[number];

/** Variants of parts by the part's name: `{ ears: 'floppy' }`. */
export type Parts = Readonly<Record<string, string>>;

export interface Look {
  readonly main: ColourName;
  readonly second: ColourName;
  readonly pattern: Pattern;
  readonly mark: Mark;
  readonly parts: Parts;
  /** The shades of its two colours that it has: the named ones, a little off. */
  readonly shades: { readonly main: Colour; readonly second: Colour };
}

/** What a class leaves open. */
export interface Variety {
  /** Main colours that need no word: a cat is rarely purple. */
  readonly colours: readonly ColourName[];
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

/** Every seventh combination is reserved. */
const reserve = 7;
/** How far a channel may be off its named colour. */
const jitter = 9;
/** Two colours of one look differ at least so much. */
const leastContrast = 185;

/**
 * Whether a look is kept for held-out subjects: the places of its pattern, its mark and its two colours in their lists
 * add up to a multiple of seven. So training meets every value, and every two of them together, but never these four,
 * and any training look differs from a subject's in one of the four at least; in a way that is seen, since subjects have
 * a pattern, which shows the second colour.
 */
export function isReserved({
  main,
  second,
  pattern,
  mark,
}: Omit<Look, 'parts' | 'shades'>): boolean {
  const sum =
    patterns.indexOf(pattern) +
    marks.indexOf(mark) +
    colourNames.indexOf(main) +
    colourNames.indexOf(second);
  return sum % reserve === 0;
}

/** Colours that can be told from a main colour on the same body. */
export function contrasting(main: ColourName): readonly ColourName[] {
  return colourNames.filter((name) => distance(palette[main], palette[name]) >= leastContrast);
}

/**
 * A look of a class that is not reserved.
 *
 * @param main the main colour, where it is told; else one that is usual for the class
 */
export function drawnLook(chance: Chance, variety: Variety, main?: ColourName): Look {
  for (;;) {
    const first = main ?? chance.of(variety.colours);
    const values = {
      main: first,
      second: chance.of(contrasting(first)),
      pattern: chance.happens(0.2) ? 'plain' : chance.of(patterns),
      mark: chance.happens(0.35) ? 'none' : chance.of(marks),
    } as const;
    if (isReserved(values)) continue;
    const parts = Object.entries(variety.parts).map(([part, kinds]) => [part, chance.of(kinds)]);
    return {
      ...values,
      parts: Object.fromEntries(parts),
      shades: { main: nearly(chance, values.main), second: nearly(chance, values.second) },
    };
  }
}

function nearly(chance: Chance, name: ColourName): Colour {
  const [red, green, blue] = palette[name];
  const off = (value: number): number => Math.round(value + chance.between(-jitter, jitter));
  return [off(red), off(green), off(blue)];
}

/** A look with the named colours exactly. */
export function statedLook(
  main: ColourName,
  second: ColourName,
  pattern: Pattern,
  mark: Mark,
  parts: Parts,
): Look {
  const shades = { main: palette[main], second: palette[second] };
  return { main, second, pattern, mark, parts, shades };
}

/** The same look in another main colour. */
export function recoloured(look: Look, main: ColourName): Look {
  return { ...look, main, shades: { ...look.shades, main: palette[main] } };
}

/** A variant of a part; a class names only parts that it has. */
export function partOf(look: Look, part: string): string {
  return required(
    [look.parts[part]].filter((kind) => kind !== undefined),
    0,
  );
}
