/** @file All styles of the world. */
import { neon, pencil, pixel } from './drawn.ts';
import { blackWhite, sepia } from './photographs.ts';
import type { Style } from './style.ts';
import { vanGogh } from './van-gogh.ts';

export const styles: readonly Style[] = [pencil, pixel, blackWhite, neon, sepia, vanGogh];

export type StyleName = Style['name'];
