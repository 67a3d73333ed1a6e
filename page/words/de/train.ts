/** @file German words of the screen of train. */
import type { train as english } from '../en/train.ts';
import type { Translation } from '../word-types.ts';

export const train: Translation<typeof english> = {
  'train.title': 'Trainieren',
  'train.by-command':
    'Trainiert wird von der Startseite aus oder mit dem Befehl krona train; die Läufe erscheinen auf der Startseite.',
};
