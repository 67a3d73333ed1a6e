/** @file German words of Home. */
import type { home as english } from '../en/home.ts';
import type { Translation } from '../word-types.ts';

export const home: Translation<typeof english> = {
  'home.title': 'Start',
  'home.heading': 'Einem Modell ein Ding beibringen',
  'home.lead': 'Drei bis sechs Bilder genügen. Alles bleibt auf diesem Rechner.',
  'home.drop': 'Bilder eines Dings hier ablegen',
  'home.choose': 'oder Dateien auswählen',
  'home.pictures': { one: '{n} Bild', other: '{n} Bilder' },
  'home.add': 'Mehr',
  'home.remove-picture': '{name} entfernen',
  'home.no-picture': '{name} ist kein Bild in PNG, JPEG oder WebP',
  'home.class': 'Was ist es?',
  'home.class-example': 'dog',
  'home.class-hint': 'Ein englisches Wort für seine Art. Beschreibungen nennen es „{subject}“.',
  'home.class-hint-empty': 'Ein englisches Wort für seine Art: dog, mug, castle.',
  'home.class-missing': 'Es fehlt, was die Bilder zeigen.',
  'home.pictures-missing': 'Es fehlen die Bilder.',
  'home.base': 'Modell, das es lernt',
  'home.toy': 'ein Spielzeug: zeichnet seine eigene kleine Welt aus 64 Pixeln, geht sofort',
  'home.here': 'auf diesem Rechner, {size}',
  'home.download': 'wird geladen, {size}',
  'home.download-unknown': 'wird geladen',
  'home.step': '{memory} Arbeitsspeicher',
  'home.step-seconds': '{seconds} s je Schritt',
  'home.fits-with': 'passt mit memory: {memory}',
  'home.too-large': 'passt nicht auf diesen Rechner',
  'home.machine': '{cores} Kerne, {memory} Arbeitsspeicher, rechnet auf {devices}',
  'home.train': 'Trainieren',
  'home.uploading': 'Bild {done} von {total} wird gesendet',
  'home.try': 'Mit einer Teekanne ausprobieren',
  'home.try-hint': 'Ohne Vorbereitung: fünf mitgelieferte Bilder, das Spielzeug, etwa eine Minute.',
  'home.runs': 'Zuletzt',
  'home.no-runs':
    'Was trainiert wird, erscheint hier, ob von dieser Seite oder im Terminal begonnen.',
  'home.go-on': 'Weiter',
};
