/** @file Words of the screen of train. */
import type { Words } from '../word-types.ts';

export const train = {
  'train.title': 'Train',
  'train.by-command': 'Train from Home, or with the command krona train: its runs appear on Home.',
} as const satisfies Words;
