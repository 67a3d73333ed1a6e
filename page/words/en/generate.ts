/** @file Words of the screen of generate. */
import type { Words } from '../word-types.ts';

export const generate = {
  'generate.title': 'Generate',
  'generate.by-command': 'Draw with the command krona generate.',
} as const satisfies Words;
