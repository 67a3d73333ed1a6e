/** @file German words of the screen of compare. */
import type { compare as english } from '../en/compare.ts';
import type { Translation } from '../word-types.ts';

export const compare: Translation<typeof english> = {
  'compare.title': 'Vergleichen',
  'compare.by-command': 'Verglichen wird mit dem Befehl krona compare.',
};
