/** @file All backgrounds of the world. */

import { named } from '../named.ts';
import type { Background } from './background.ts';
import { autumn, sunflowers, wheat } from './farmland.ts';
import { fabric, rug, stones, wood } from './floors.ts';
import { beach, grass, jungle, mountain, night, snow, water } from './nature.ts';
import { plainBackgrounds } from './plain.ts';
import { brick, city, cobblestone, eiffel, house } from './town.ts';

export const backgrounds: readonly Background[] = [
  ...plainBackgrounds,
  ...[beach, grass, snow, night, city, brick, wood, fabric, mountain, water, jungle],
  ...[sunflowers, rug, eiffel, house, stones, wheat, autumn, cobblestone],
];

/** The background of a name that is one. */
export const backgroundNamed = (name: string): Background => named(backgrounds, name, 'background');
