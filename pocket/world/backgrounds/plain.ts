/** @file Backgrounds of one colour, with a soft light from above. */
import type { Chance } from '../chance.ts';
import { oval } from '../drawing/outlines.ts';
import { form, level, varied } from '../drawing/scenery.ts';
import { type Colour, mixed } from '../looks/colours.ts';
import { cream, ink } from '../looks/palette.ts';
import type { Backdrop, Background } from './background.ts';

/** Calmer than the colours of objects, so that a red teapot stands out from a red background. */
const tones = {
  red: [206, 72, 68],
  blue: [88, 142, 216],
  green: [104, 178, 104],
  yellow: [244, 218, 112],
  purple: [150, 112, 200],
  white: [250, 249, 247],
  gray: [168, 170, 178],
} as const satisfies Readonly<Record<string, Colour>>;

function wall(chance: Chance, tone: Colour): Backdrop {
  const colour = varied(chance, tone, 7);
  const [x, y] = [chance.between(25, 75), chance.between(10, 40)];
  const glow = [60, 44, 28].map((r) => form(oval(x, y, r), mixed(colour, cream, 0.6), 0.16));
  return { behind: level(colour) + glow.join('') + level(mixed(colour, ink, 0.13), 88) };
}

export const plainBackgrounds: readonly Background[] = Object.entries(tones).map(
  ([colour, tone]) => ({
    name: `plain-${colour}`,
    phrases: [`on a ${colour} background`],
    words: `a ${colour} background`,
    footing: 'ground',
    draw: (chance) => wall(chance, tone),
  }),
);
