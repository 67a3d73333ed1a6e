/** @file Words of the screen of pictures. */
import type { Words } from '../word-types.ts';

export const pictures = {
  'pictures.title': 'Pictures',
  'pictures.by-command': 'Sets of pictures are made on Home for now: drop them there.',
} as const satisfies Words;
