/** @file Words of the screen of experiments. */
import type { Words } from '../word-types.ts';

export const experiments = {
  'experiments.title': 'Experiments',
  'experiments.by-command': 'Experiments are run by the command krona sweep.',
} as const satisfies Words;
