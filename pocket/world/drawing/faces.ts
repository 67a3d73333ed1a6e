/** @file Faces: eyes in three kinds, mouths, cheeks. */
import { cream, ink, palette } from '../looks/palette.ts';
import type { Brush } from './brush.ts';
import { numbers, oval } from './outlines.ts';

/** Kinds of eyes, for the parts of a class. */
export const eyeKinds = ['dots', 'round', 'sleepy'] as const;

/** Two eyes about x = `x`, so far from it each, of the look's kind. */
export function eyes(brush: Brush, x: number, y: number, apart: number, size = 5): string {
  return eye(brush, x - apart, y, size) + eye(brush, x + apart, y, size);
}

/** One eye. @param size its radius */
export function eye(brush: Brush, x: number, y: number, size: number): string {
  const kind = brush.part('eyes');
  if (kind === 'sleepy') {
    const [left, right] = [numbers(x - size, y), numbers(x + size, y)];
    return brush.line(`M${left}Q${numbers(x, y + 1.3 * size)} ${right}`, 3.2);
  }
  const glint = (r: number): string => brush.spot(oval(x - 0.3 * size, y - 0.35 * size, r), cream);
  if (kind === 'dots') return brush.spot(oval(x, y, size, 1.12 * size), ink) + glint(0.38 * size);
  return (
    brush.flat(oval(x, y, 1.4 * size, 1.5 * size), cream, 2.2) +
    brush.spot(oval(x, y + 0.15 * size, 0.8 * size), ink)
  );
}

/** A smile. */
export function smile(brush: Brush, x: number, y: number, half = 5, width = 2.6): string {
  return brush.line(
    `M${numbers(x - half, y)}Q${numbers(x, y + 1.1 * half)} ${numbers(x + half, y)}`,
    width,
  );
}

/** The mouth of cats and rabbits: two small arcs under the nose. */
export function muzzleMouth(brush: Brush, x: number, y: number, half = 6): string {
  const arc = (dx: number): string =>
    `M${numbers(x, y)}Q${numbers(x + dx / 2, y + 0.9 * half)} ${numbers(x + dx, y + 0.2 * half)}`;
  return brush.line(arc(half) + arc(-half), 2.4);
}

/** Rosy cheeks. */
export function cheeks(brush: Brush, x: number, y: number, apart: number, r = 4): string {
  const rosy = palette.pink;
  return (
    brush.spot(oval(x - apart, y, r, 0.8 * r), rosy, 0.75) +
    brush.spot(oval(x + apart, y, r, 0.8 * r), rosy, 0.75)
  );
}
