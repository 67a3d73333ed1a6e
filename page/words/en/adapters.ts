/** @file Words of the screen of adapters. */
import type { Words } from '../word-types.ts';

export const adapters = {
  'adapters.title': 'Adapters',
  'adapters.by-command':
    'Look into adapters with the command krona inspect, and convert them with krona convert.',
} as const satisfies Words;
