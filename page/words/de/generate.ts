/** @file German words of the screen of generate. */
import type { generate as english } from '../en/generate.ts';
import type { Translation } from '../word-types.ts';

export const generate: Translation<typeof english> = {
  'generate.title': 'Zeichnen',
  'generate.by-command': 'Gezeichnet wird mit dem Befehl krona generate.',
};
