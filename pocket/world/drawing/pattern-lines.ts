/** @file Patterns of bodies as strokes over the whole box, 8 units wide: four pixels of a picture of 64. */
import type { Pattern } from '../looks/look.ts';
import { box, numbers, type Point } from './outlines.ts';

/** Distance of two stripes, from middle to middle. */
const period = 15;
const places = Array.from({ length: 8 }, (_, i) => i * period);

const rows = (offset: number): string =>
  places.map((y) => `M${numbers(-10, y + offset)}H110`).join('');
const columns = (offset: number): string =>
  places.map((x) => `M${numbers(x + offset, -10)}V110`).join('');

/** Blotches as on a cow, about the middle. */
const blotches = [
  [-21, -17, 13],
  [12, -23, 10],
  [25, 4, 12],
  [-4, 7, 9],
  [-25, 20, 11],
  [12, 27, 12],
  [33, -30, 11],
  [-38, -2, 8],
] as const;

const stroke = (data: string, colour: string, width: number, more = ''): string =>
  `<path d="${data}" fill="none" stroke="${colour}" stroke-width="${width}"${more}/>`;

/** A pattern in one colour, over everything; whoever draws it clips it to a body. @param middle of the body */
export function patternLines(pattern: Pattern, colour: string, [x, y]: Point): string {
  switch (pattern) {
    case 'plain':
      return '';
    case 'stripes':
      return stroke(rows(y % period), colour, 7);
    case 'bars':
      return stroke(columns(x % period), colour, 7);
    case 'dots':
      return dots(colour, x % period, y % period);
    case 'checks':
      return checks(colour, x, y);
    case 'patches':
      return blotches
        .map(([dx, dy, r]) => `<circle cx="${x + dx}" cy="${y + dy}" r="${r}" fill="${colour}"/>`)
        .join('');
    case 'zigzag':
      return zigzag(colour, x, y);
    case 'band':
      return `<path d="${box(-10, y - 9, 120, 18)}" fill="${colour}"/>`;
    case 'halves':
      return `<path d="${box(x, -10, 120, 120)}" fill="${colour}"/>`;
  }
}

/** Round dots: dashes without length, their ends round; every other row is shifted by half a period. */
function dots(colour: string, x: number, y: number): string {
  const apart = 14;
  const row = (i: number): string => {
    const from = numbers(x - 2 * apart + (i % 2 === 0 ? 0 : apart / 2), y - 2 * apart + i * 11);
    return `M${from}h${apart * 10}`;
  };
  const data = Array.from({ length: 14 }, (_, i) => row(i)).join('');
  return stroke(data, colour, 8, ` stroke-linecap="round" stroke-dasharray="0 ${apart}"`);
}

function checks(colour: string, x: number, y: number): string {
  const side = 10;
  const row = (i: number): string =>
    `M${numbers(x - 60 + (i % 2 === 0 ? 0 : side), y - 60 + i * side)}h120`;
  const data = Array.from({ length: 12 }, (_, i) => row(i)).join('');
  return stroke(data, colour, side, ` stroke-dasharray="${side} ${side}"`);
}

function zigzag(colour: string, x: number, y: number): string {
  const line = (top: number): string => {
    const points = Array.from({ length: 13 }, (_, i) =>
      numbers(x - 66 + i * 11, top + (i % 2 === 0 ? 5 : -5)),
    );
    return `M${points.join('L')}`;
  };
  const data = [-54, -36, -18, 0, 18, 36, 54].map((dy) => line(y + dy)).join('');
  return stroke(data, colour, 6.5);
}
