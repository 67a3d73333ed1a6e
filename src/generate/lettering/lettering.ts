/** @file Lines of text in pixels: measured, wrapped and drawn into a picture. */
import { required } from '../../base/required.ts';
import type { Image } from '../../data/image.ts';
import { CoverageCanvas } from './coverage.ts';
import type { PlacedGlyph, Typeface } from './typeface.ts';

export interface TextStyle {
  readonly face: Typeface;
  /** Height of a small x, in pixels; a whole number keeps its edges sharp. */
  readonly xHeight: number;
  /** sRGB. */
  readonly colour: readonly [number, number, number];
}

/** Height of a capital, in pixels. */
export function capHeight({ face, xHeight }: TextStyle): number {
  return (xHeight * face.capHeight) / face.xHeight;
}

/** Pixels a font unit. */
function scaleOf({ face, xHeight }: TextStyle): number {
  return xHeight / face.xHeight;
}

/** Width of a line of text, in pixels. */
export function textWidth(text: string, style: TextStyle): number {
  return (style.face.layOut(text).at(-1)?.end ?? 0) * scaleOf(style);
}

/** Writes a line of text into a picture; `x` is its left edge and `y` its baseline, in pixels. What lies outside is cut off. */
export function drawText(image: Image, text: string, place: TextPlace): void {
  const { x, y, style } = place;
  const scale = scaleOf(style);
  // Room around the line for accents, descenders, and for letters that reach over their own width.
  const em = Math.ceil(2 * style.xHeight);
  const glyphs = style.face.layOut(text);
  const width = Math.ceil((glyphs.at(-1)?.end ?? 0) * scale) + 2 * em;
  const canvas = new CoverageCanvas(width, 3 * em);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (const { outline, start } of glyphs) {
    canvas.add(outline, em + (x - left) + start * scale, 2 * em + (y - top), scale);
  }
  const { share, height } = canvas.coverage();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [toX, toY] = [left - em + column, top - 2 * em + row];
      if (toX < 0 || toX >= image.width || toY < 0 || toY >= image.height) continue;
      const ink = required(share, row * width + column);
      for (const [channel, level] of style.colour.entries()) {
        const at = (toY * image.width + toX) * 3 + channel;
        const paper = required(image.data, at);
        image.data[at] = Math.round(paper + (level - paper) * ink);
      }
    }
  }
}

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly style: TextStyle;
}

/**
 * Text broken into lines of at most `width` pixels: at spaces, and inside a word only where it is longer than a line.
 * What exceeds `maxLines` ends in an ellipsis. A character that is wider than a line has it to itself.
 */
export function wrapText(
  text: string,
  { width, maxLines, style }: { width: number; maxLines: number; style: TextStyle },
): string[] {
  const glyphs = style.face.layOut(text.trim().replace(/\s+/gu, ' '));
  const room = width / scaleOf(style);
  const lines: string[] = [];
  for (let from = 0; from < glyphs.length; ) {
    const full = lineEnd(glyphs, from, room);
    if (full < glyphs.length && lines.length + 1 >= maxLines) {
      lines.push(shortened(written(glyphs.slice(from, full)), width, style));
      break;
    }
    const end = full < glyphs.length ? breakBefore(glyphs, from, full) : full;
    lines.push(written(glyphs.slice(from, end)).trimEnd());
    from = end;
    while (glyphs[from]?.character === ' ') from++;
  }
  return lines;
}

const written = (glyphs: readonly PlacedGlyph[]): string =>
  glyphs.map(({ character }) => character).join('');

/** Index after the last glyph that fits on a line from an index on. */
function lineEnd(glyphs: readonly PlacedGlyph[], from: number, room: number): number {
  const { start } = required(glyphs, from);
  let end = from + 1;
  while (end < glyphs.length && required(glyphs, end).end - start <= room) end++;
  return end;
}

/** Where a line that is full before an index is broken: at its last space, or there. */
function breakBefore(glyphs: readonly PlacedGlyph[], from: number, full: number): number {
  for (let at = full; at > from; at--) if (glyphs[at]?.character === ' ') return at;
  return full;
}

/** The longest beginning that fits with an ellipsis. */
function shortened(text: string, width: number, style: TextStyle): string {
  const characters = Array.from(text);
  let cut = `${text.trimEnd()}…`;
  while (characters.length > 0 && textWidth(cut, style) > width) {
    characters.pop();
    cut = `${characters.join('').trimEnd()}…`;
  }
  return cut;
}
