/** @file The named colours of the world. */
import { type Colour, mixed } from './colours.ts';

/** Every colour that a caption may name, as it is painted. */
export const palette = {
  red: [226, 58, 58],
  orange: [246, 142, 44],
  yellow: [250, 208, 60],
  lime: [164, 214, 70],
  green: [56, 158, 78],
  turquoise: [58, 196, 188],
  blue: [58, 116, 222],
  purple: [142, 82, 204],
  pink: [248, 142, 184],
  brown: [142, 90, 54],
  beige: [236, 210, 168],
  white: [250, 248, 244],
  gray: [152, 158, 172],
  black: [66, 64, 80],
} as const satisfies Readonly<Record<string, Colour>>;

export type ColourName = keyof typeof palette;

export const colourNames = Object.keys(palette) as readonly ColourName[];

/** Outlines, eyes and mouths. */
export const ink: Colour = [44, 34, 52];
/** Light parts: eyes, soles, dials. */
export const cream: Colour = [255, 250, 238];

/** Darker or lighter kin of a colour: a border of the same thing, the inside of an ear. */
export const deep = (colour: Colour, share = 0.3): Colour => mixed(colour, ink, share);
export const pale = (colour: Colour, share = 0.5): Colour => mixed(colour, cream, share);
