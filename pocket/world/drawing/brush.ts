/** @file The hand that draws: bodies with the look's pattern, parts of one colour, lines; all with one outline and one light. */
import { type Colour, distance, hex } from '../looks/colours.ts';
import { type Look, partOf } from '../looks/look.ts';
import { cream, deep, ink, pale, palette } from '../looks/palette.ts';
import { markForm } from './mark-forms.ts';
import type { Point } from './outlines.ts';
import { patternLines } from './pattern-lines.ts';

/** Width of outlines: a pixel and a half of a picture of 64. */
export const outline = 3.2;

const inkText = hex(ink);

/** Draws one look, as SVG text in a box of 100 by 100. */
export class Brush {
  readonly look: Look;
  readonly main: Colour;
  readonly second: Colour;
  readonly #name: string;
  #clips = 0;

  /** @param name begins the names of what the text refers to, so that several drawings fit one picture */
  constructor(look: Look, name: string) {
    this.look = look;
    this.main = look.shades.main;
    this.second = look.shades.second;
    this.#name = name;
  }

  /** The variant of a part. */
  part(name: string): string {
    return partOf(this.look, name);
  }

  /** A body: the look's pattern in its second colour about `middle`, light from the upper left, outline. */
  body(path: string, middle: Point, ground: Colour = this.main): string {
    const { pattern } = this.look;
    return this.#lit(path, ground, patternLines(pattern, hex(this.second), middle));
  }

  /** A part of one colour with light and outline. */
  solid(path: string, colour: Colour): string {
    return this.#lit(path, colour, '');
  }

  /** A part of one colour with an outline, for what is too small to have light. */
  flat(path: string, colour: Colour, width: number = outline): string {
    return `<path d="${path}" fill="${hex(colour)}" stroke="${inkText}" stroke-width="${width}" stroke-linejoin="round" fill-rule="evenodd"/>`;
  }

  /** A part of one colour without outline. */
  spot(path: string, colour: Colour, opacity = 1): string {
    const faint = opacity === 1 ? '' : ` opacity="${opacity}"`;
    return `<path d="${path}" fill="${hex(colour)}"${faint} fill-rule="evenodd"/>`;
  }

  /** A line with round ends. */
  line(path: string, width: number = outline, colour: Colour = ink): string {
    return `<path d="${path}" fill="none" stroke="${hex(colour)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
  }

  /** A thick line with an outline: a tail, a handle. */
  tube(path: string, width: number, colour: Colour): string {
    return this.line(path, width + 2 * outline) + this.line(path, width, colour);
  }

  /** The look's mark on its place, of four signal colours in the one farthest from both of the body. @param r half its size */
  mark(place: Point, r = 10, ground: Colour = this.main): string {
    const { mark } = this.look;
    if (mark === 'none') return '';
    const candidates: readonly Colour[] = [cream, palette.yellow, palette.red, palette.blue];
    const far = (colour: Colour): number =>
      Math.min(distance(colour, ground), distance(colour, this.second));
    const colour = candidates.reduce((best, other) => (far(other) > far(best) ? other : best));
    return this.flat(markForm(mark, place, r), colour, 2.6);
  }

  #lit(path: string, colour: Colour, lines: string): string {
    const clip = `${this.#name}c${this.#clips++}`;
    const around = `<path fill-rule="evenodd" d="M-60-60H160V160H-60Z${path}"`;
    return [
      `<clipPath id="${clip}"><path d="${path}"/></clipPath>`,
      `<path d="${path}" fill="${hex(colour)}"/>`,
      `<g clip-path="url(#${clip})">${lines}`,
      `${around} fill="${hex(deep(colour, 0.9))}" opacity=".2" transform="translate(-5 -6)"/>`,
      `${around} fill="${hex(pale(colour, 0.95))}" opacity=".38" transform="translate(4 4.5)"/></g>`,
      `<path d="${path}" fill="none" stroke="${inkText}" stroke-width="${outline}" stroke-linejoin="round"/>`,
    ].join('');
  }
}
