/** @file German words of the screen of experiments. */
import type { experiments as english } from '../en/experiments.ts';
import type { Translation } from '../word-types.ts';

export const experiments: Translation<typeof english> = {
  'experiments.title': 'Experimente',
  'experiments.by-command': 'Experimente führt der Befehl krona sweep aus.',
};
