/** @file What sitting animals have in common: a body seen from the front, two paws, a head over it. */
import type { Brush } from '../../drawing/brush.ts';
import { oval } from '../../drawing/outlines.ts';
import type { Colour } from '../../looks/colours.ts';

/** The body with the look's pattern, its mark on the belly, and paws. */
export function sittingBody(brush: Brush, paws: Colour): string {
  return [
    brush.body('M24 88C22 62 34 50 50 50C66 50 78 62 76 88C76 97 24 97 24 88Z', [50, 74]),
    brush.mark([50, 75], 9.5),
    brush.flat(oval(35, 92, 9.5, 6), paws),
    brush.flat(oval(65, 92, 9.5, 6), paws),
  ].join('');
}

/** Where sitting animals wear things. */
export const sittingPlaces = {
  eyes: { x: 50, y: 33, width: 40 },
  head: { x: 50, y: 17, width: 40 },
  neck: { x: 50, y: 56, width: 38 },
} as const;
