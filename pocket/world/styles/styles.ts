/** @file All styles of the world. */
import { named } from '../named.ts';
import { neon, pencil, pixel } from './drawn.ts';
import { blackWhite, sepia } from './photographs.ts';
import { vanGogh } from './van-gogh.ts';
import type { Style } from './world-style.ts';

export const styles: readonly Style[] = [pencil, pixel, blackWhite, neon, sepia, vanGogh];

export type StyleName = Style['name'];

/** The style of a name. */
export const styleNamed = (name: StyleName): Style => named(styles, name, 'style');
