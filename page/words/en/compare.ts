/** @file Words of the screen of compare. */
import type { Words } from '../word-types.ts';

export const compare = {
  'compare.title': 'Compare',
  'compare.by-command': 'Compare with the command krona compare.',
} as const satisfies Words;
