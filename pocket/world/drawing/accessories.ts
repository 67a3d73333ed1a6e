/** @file What subjects wear: sunglasses and glasses, hats, a scarf; always the same, whoever wears it. */
import type { Place } from '../classes/world-class.ts';
import { cream, ink, palette } from '../looks/palette.ts';
import { named } from '../named.ts';
import type { Brush } from './brush.ts';
import { box, numbers, oval } from './outlines.ts';

/** Something to wear. */
export interface Accessory {
  readonly name: 'sunglasses' | 'pink-glasses' | 'red-hat' | 'top-hat' | 'scarf';
  /** What a caption says: `wearing a red hat`. */
  readonly phrase: string;
  readonly words: string;
  /** Where it is worn. */
  readonly place: 'eyes' | 'head' | 'neck';
  readonly draw: (brush: Brush, place: Place) => string;
}

const sunglasses: Accessory = {
  name: 'sunglasses',
  phrase: 'wearing sunglasses',
  words: 'sunglasses',
  place: 'eyes',
  draw: (brush, { x, y, width }) => {
    const [w, top] = [0.44 * width, y - 0.16 * width];
    const lens = (left: number): string =>
      brush.flat(
        `M${numbers(left, top)}H${left + w}V${y}C${numbers(left + w, y + 0.3 * width, left, y + 0.3 * width, left, y)}Z`,
        ink,
      ) +
      brush.line(
        `M${numbers(left + 0.22 * w, y + 0.1 * w)}L${numbers(left + 0.48 * w, top + 0.16 * w)}`,
        2.6,
        cream,
      );
    return [
      brush.line(`M${numbers(x - 0.56 * width, top + 1)}H${x + 0.56 * width}`, 4.4),
      lens(x - 0.5 * width) + lens(x + 0.06 * width),
    ].join('');
  },
};

const pinkGlasses: Accessory = {
  name: 'pink-glasses',
  phrase: 'wearing pink glasses',
  words: 'pink glasses',
  place: 'eyes',
  draw: (brush, { x, y, width }) => {
    const r = 0.23 * width;
    const rim = (middle: number): string =>
      brush.line(oval(middle, y, r), 7) + brush.line(oval(middle, y, r), 3.8, [255, 96, 168]);
    const bridge = `M${numbers(x - 0.05 * width, y)}H${x + 0.05 * width}`;
    return (
      brush.line(bridge, 7) +
      rim(x - 0.28 * width) +
      rim(x + 0.28 * width) +
      brush.line(bridge, 3.6, [255, 96, 168])
    );
  },
};

const redHat: Accessory = {
  name: 'red-hat',
  phrase: 'wearing a red hat',
  words: 'a red hat',
  place: 'head',
  draw: (brush, { x, y, width }) => {
    const [w, h] = [0.36 * width, 0.56 * width];
    const dome = `M${numbers(x - w, y)}C${numbers(x - w, y - 1.3 * h, x + w, y - 1.3 * h, x + w, y)}Z`;
    return [
      brush.solid(dome, palette.red),
      brush.line(`M${numbers(x - w + 2, y - 4)}H${x + w - 2}`, 5, cream),
      brush.flat(oval(x, y, 0.66 * width, 0.13 * width), palette.red),
    ].join('');
  },
};

const topHat: Accessory = {
  name: 'top-hat',
  phrase: 'wearing a black top hat',
  words: 'a black top hat',
  place: 'head',
  draw: (brush, { x, y, width }) => {
    const [w, h] = [0.33 * width, 0.6 * width];
    return [
      brush.solid(
        `M${numbers(x - w, y)}L${numbers(x - 1.12 * w, y - h)}H${x + 1.12 * w}L${numbers(x + w, y)}Z`,
        palette.black,
      ),
      brush.spot(box(x - w, y - 9, 2 * w, 6), palette.red),
      brush.flat(oval(x, y, 0.62 * width, 0.1 * width), palette.black),
    ].join('');
  },
};

const scarf: Accessory = {
  name: 'scarf',
  phrase: 'wearing a rainbow scarf',
  words: 'a rainbow scarf',
  place: 'neck',
  draw: (brush, { x, y, width }) => {
    const [left, right] = [x - 0.54 * width, x + 0.54 * width];
    const around = (dy: number): string =>
      `M${numbers(left, y - 3 + dy)}Q${numbers(x, y + 6 + dy)} ${numbers(right, y - 3 + dy)}`;
    const end = (dx: number): string => `M${numbers(x + 0.34 * width + dx, y + 2)}l4 20`;
    const colours = [palette.red, palette.yellow, palette.blue] as const;
    const stripes = colours.map(
      (colour, i) =>
        brush.line(around(i * 3.6 - 3.6), 4, colour) + brush.line(end(i * 3.8 - 3.8), 4, colour),
    );
    return brush.line(around(0) + end(0), 11.6 + 5) + stripes.join('');
  },
};

export const accessories: readonly Accessory[] = [sunglasses, pinkGlasses, redHat, topHat, scarf];

export type AccessoryName = Accessory['name'];

/** The accessory of a name. */
export const accessoryNamed = (name: AccessoryName): Accessory =>
  named(accessories, name, 'accessory');
