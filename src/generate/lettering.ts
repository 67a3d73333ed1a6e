/** @file Lines of text as SVG paths: measured, wrapped and drawn in our own typeface. */
import { capUnits, glyphOf, letterSpacing } from './stroke-font.ts';

export interface TextStyle {
  /** Height of a capital, in pixels. */
  readonly capHeight: number;
  /** Width of the strokes, in font units. @default 1.1 */
  readonly weight?: number;
  /** @default '#1d1d1f' */
  readonly colour?: string;
}

/** Accents and joiners of their own take no room. */
function visible(text: string): string[] {
  return Array.from(text.normalize('NFC')).filter((character) => !/[\p{M}\p{Cf}]/u.test(character));
}

/** Width of a line of text, in pixels. */
export function textWidth(text: string, style: TextStyle): number {
  const characters = visible(text);
  const drawn = characters.reduce((sum, character) => sum + glyphOf(character).width, 0);
  const gaps = Math.max(0, characters.length - 1) * letterSpacing;
  return ((drawn + gaps) * style.capHeight) / capUnits;
}

/** A line of text as an SVG group; `x` is its left edge and `y` its baseline, in pixels. */
export function textSvg(text: string, x: number, y: number, style: TextStyle): string {
  const { weight = 1.1, colour = '#1d1d1f' } = style;
  const scale = style.capHeight / capUnits;
  let at = 0;
  const paths: string[] = [];
  for (const character of visible(text)) {
    const { width, path } = glyphOf(character);
    if (path !== '') paths.push(`<path transform="translate(${at.toFixed(2)})" d="${path}"/>`);
    at += width + letterSpacing;
  }
  return (
    `<g transform="translate(${x} ${y}) scale(${scale}) translate(0 -${capUnits})" fill="none" ` +
    `stroke="${colour}" stroke-width="${weight}" stroke-linecap="round" stroke-linejoin="round">` +
    `${paths.join('')}</g>`
  );
}

/** Text broken at spaces into lines of at most `width` pixels; what exceeds `maxLines` ends in an ellipsis. */
export function wrapText(
  text: string,
  { width, maxLines, style }: { width: number; maxLines: number; style: TextStyle },
): string[] {
  const fits = (line: string) => textWidth(line, style) <= width;
  const lines: string[] = [];
  let line = '';
  const words = text.split(/\s+/u).filter((word) => word !== '');
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (lines.length + 1 >= maxLines) {
      const rest = [line, ...words.slice(index)].filter((part) => part !== '').join(' ');
      return [...lines, shortened(rest, fits)];
    }
    if (line !== '') lines.push(line);
    line = fits(word) ? word : shortened(word, fits);
  }
  return line === '' ? lines : [...lines, line];
}

/** The longest beginning that fits with an ellipsis; the text itself where it fits. */
function shortened(text: string, fits: (line: string) => boolean): string {
  if (fits(text)) return text;
  const characters = Array.from(text);
  let length = characters.length;
  const cut = () => `${characters.slice(0, length).join('').trimEnd()}…`;
  while (length > 0 && !fits(cut())) length--;
  return cut();
}
