/** @file Strokes of backgrounds: forms of one colour without outlines. */
import type { Chance } from '../chance.ts';
import { type Colour, hex } from '../looks/colours.ts';
import { box } from './outlines.ts';

/** A form of one colour. */
export function form(path: string, colour: Colour | string, opacity = 1): string {
  const paint = typeof colour === 'string' ? colour : hex(colour);
  return `<path d="${path}" fill="${paint}"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;
}

/** Lines of one colour with round ends. */
export function lines(path: string, colour: Colour | string, width: number, opacity = 1): string {
  const paint = typeof colour === 'string' ? colour : hex(colour);
  return `<path d="${path}" fill="none" stroke="${paint}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;
}

/** Everything from one height to another. */
export const level = (colour: Colour | string, top = 0, bottom = 100): string =>
  form(box(-1, top, 102, bottom - top), colour);

/** So many pieces, each by its number, in one text. */
export const repeated = (count: number, piece: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => piece(i)).join('');

/** A colour a little off. */
export function varied(chance: Chance, [red, green, blue]: Colour, by = 10): Colour {
  const off = chance.between(-by, by);
  const tint = (value: number): number => value + off + chance.between(-by / 3, by / 3);
  return [tint(red), tint(green), tint(blue)];
}
