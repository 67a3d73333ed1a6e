/** @file German words of the screen of adapters. */
import type { adapters as english } from '../en/adapters.ts';
import type { Translation } from '../word-types.ts';

export const adapters: Translation<typeof english> = {
  'adapters.title': 'Adapter',
  'adapters.by-command':
    'Adapter untersucht der Befehl krona inspect, umgewandelt werden sie mit krona convert.',
};
