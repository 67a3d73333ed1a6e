/** @file German words of the frame around all screens. */
import type { frame as english } from '../en/frame.ts';
import type { Translation } from '../word-types.ts';

export const frame: Translation<typeof english> = {
  'frame.skip': 'Zum Inhalt springen',
  'frame.rail': 'Bereiche',
  'frame.more': 'Mehr',
  'frame.strip': 'Was gerade läuft',
  'frame.idle': 'Gerade läuft nichts.',
  'frame.waiting': { one: '{n} wartet', other: '{n} warten' },
  'frame.disconnected':
    'Studio antwortet nicht. Trainings laufen ohne es weiter; diese Seite meldet sich von selbst zurück.',
  'frame.logged-out': 'Diese Seite ist nicht angemeldet',
  'frame.log-in':
    'In einem Terminal krona studio starten und die Adresse öffnen, die es ausgibt. Sie gilt einmal, für einen Browser.',
  'frame.password': 'Kennwort',
  'frame.password-hint': 'Nur wo Studio mit einem gestartet wurde.',
  'frame.enter': 'Eintreten',
  'frame.broken': 'Dieser Bereich ist abgestürzt',
  'frame.again': 'Noch einmal',
  'frame.not-loaded': 'Dieser Bereich lässt sich nicht laden',
  'frame.not-loaded-why':
    'Die Seite wurde erneuert, seit sie geöffnet wurde, oder woher sie kam, antwortet nicht. Bitte neu laden.',
  'frame.reload': 'Neu laden',
  'frame.nowhere': 'Unter dieser Adresse ist nichts',
  'frame.loading': 'Wird geladen…',
  'frame.shortcuts': 'Tastatur',
  'frame.key-list': 'diese Liste',
  'frame.then': 'dann',
};
