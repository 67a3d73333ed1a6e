/** @file German words of the screen of pictures. */
import type { pictures as english } from '../en/pictures.ts';
import type { Translation } from '../word-types.ts';

export const pictures: Translation<typeof english> = {
  'pictures.title': 'Bilder',
  'pictures.lead':
    'Sätze aus wenigen Bildern, jeder von einem Ding. Was Sie hinzufügen, wird kopiert; Ihre Dateien bleiben, wie sie sind.',
  'pictures.drop': 'Bilder eines Dings hier ablegen',
  'pictures.choose': 'Dateien auswählen',
  'pictures.search': 'Alle Sätze durchsuchen',
  'pictures.none-found': 'Kein Satz heißt so oder zeigt das.',
  'pictures.new-name': 'Neue Bilder',
  'pictures.own': 'Eigene',
  'pictures.bundled': 'Bei krona dabei',
  'pictures.bundled-hint': 'Diese Bilder sind mit krona gekommen und bleiben, wie sie sind.',
  'pictures.copy': 'Eine Kopie zum Ändern',
  'pictures.count': { one: '{n} Bild', other: '{n} Bilder' },
  'pictures.about': 'Zu diesen Bildern',
  'pictures.add': 'Hinzufügen',
  'pictures.train': 'Damit trainieren',
  'pictures.more': 'Mehr zu diesem Satz',
  'pictures.empty':
    'Drei bis sechs Bilder eines Dings irgendwo hier ablegen, einfügen oder als Dateien hinzufügen.',
  'pictures.sending': 'Bild {done} von {total} wird gesendet',
  'pictures.refused': {
    one: 'Eine Datei wurde nicht hinzugefügt:',
    other: '{n} Dateien wurden nicht hinzugefügt:',
  },
  'pictures.no-picture': 'ist kein Bild in PNG, JPEG, WebP oder HEIC. Bitte als solches speichern.',
  'pictures.understood': 'In Ordnung',
  'pictures.class': 'Was ist es?',
  'pictures.class-hint': 'Ein englisches Wort für seine Art: dog, mug, castle.',
  'pictures.name': 'Name des Satzes',
  'pictures.cutting': 'Wie es trainiert wird',
  'pictures.cutting-hint':
    'Ein Training sieht den umrahmten Teil. In einem geöffneten Bild lässt sich der Rahmen verschieben.',
  'pictures.base': 'Modell',
  'pictures.side': 'Größe',
  'pictures.side-native': '{side} Pixel, wie üblich',
  'pictures.side-of': '{side} Pixel',
  'pictures.keep': 'Seitenverhältnisse behalten',
  'pictures.remove-sure': {
    one: 'Der Satz und sein Bild werden aus dem Arbeitsordner entfernt. Die Datei, aus der es kam, bleibt.',
    other:
      'Der Satz und seine {n} Bilder werden aus dem Arbeitsordner entfernt. Die Dateien, aus denen sie kamen, bleiben.',
  },
  'pictures.remove-set': 'Satz entfernen',
  'pictures.remove': '{name} entfernen',
  'pictures.removed': '{name} wurde entfernt',
  'pictures.undo': 'Zurückholen',
  'pictures.alt': '{name}, mit dem Teil, der trainiert wird',
  'pictures.caption': 'Beschreibung von {name}',
  'pictures.caption-none': 'Keine Beschreibung',
  'pictures.caption-unsaved': 'Noch nicht gespeichert: {reason}',
  'pictures.all-captions': 'Alle Beschreibungen ändern',
  'pictures.captions.how': 'Was geschehen soll',
  'pictures.captions.before': 'Wörter davor setzen',
  'pictures.captions.after': 'Wörter dahinter setzen',
  'pictures.captions.replace': 'Wörter ersetzen',
  'pictures.captions.names': 'Aus den Dateinamen nehmen',
  'pictures.captions.none': 'Entfernen',
  'pictures.captions.text': 'Wörter',
  'pictures.captions.find': 'Gesuchte Wörter',
  'pictures.captions.by': 'Wörter stattdessen',
  'pictures.captions.hint':
    '{subject} steht für das, was gelernt wird. Bilder ohne Beschreibung bekommen eine.',
  'pictures.captions.count': {
    one: 'Eine Beschreibung wird anders:',
    other: '{n} Beschreibungen werden anders:',
  },
  'pictures.captions.change': 'Ändern',
  'pictures.captions.changed': {
    one: 'Eine Beschreibung geändert',
    other: '{n} Beschreibungen geändert',
  },
  'pictures.warnings': { one: 'Gut zu wissen', other: '{n} Dinge, gut zu wissen' },
  'pictures.show': 'Zeigen',
  'pictures.more-names': '{n} weitere',
  'pictures.previous': 'Voriges Bild',
  'pictures.next': 'Nächstes Bild',
  'pictures.frame': 'Wo der Rahmen steht',
  'pictures.mask-paint': 'Eine Maske malen',
  'pictures.mask-change': 'Die Maske ändern',
  'pictures.mask-lead':
    'Was übermalt ist, wird gelernt; der Rest zählt wenig. Ein Training mit diesen Bildern hält sich daran.',
  'pictures.mask-save': 'Maske sichern',
  'pictures.mask-cancel': 'Abbrechen',
  'pictures.masked': 'mit Maske',
  'pictures.frame-moved': 'Rahmen von Hand verschoben',
  'pictures.trained-as': 'trainiert als {width} × {height}',
  'pictures.cut-away': '{share} abgeschnitten',
  'pictures.short.small': 'Zu klein',
  'pictures.short.blurred': 'Unscharf',
  'pictures.short.duplicate': 'Wie ein anderes',
  'pictures.short.cut': 'Viel abgeschnitten',
  'pictures.warn.small': {
    one: '{names} ist kleiner als die Größe, in der es trainiert wird. Es würde Unschärfe lehren.',
    other:
      '{names} sind kleiner als die Größe, in der sie trainiert werden. Sie würden Unschärfe lehren.',
  },
  'pictures.warn.blurred': {
    one: '{names} ist unscharf. Auch die Unschärfe würde gelernt.',
    other: '{names} sind unscharf. Auch die Unschärfe würde gelernt.',
  },
  'pictures.warn.duplicates': {
    one: '{names} ist fast wie ein anderes.',
    other: '{names} sind fast gleich. Eines davon genügt.',
  },
  'pictures.warn.cut': {
    one: '{names} verliert mehr als ein Drittel. Seitenverhältnisse behalten, oder den Rahmen verschieben.',
    other:
      '{names} verlieren mehr als ein Drittel. Seitenverhältnisse behalten, oder die Rahmen verschieben.',
  },
  'pictures.warn.background': {
    one: '{n} Bild hat diesen Hintergrund.',
    other: '{n} Bilder zeigen denselben Hintergrund. Er würde mitgelernt: andere hinzufügen.',
  },
  'pictures.warn.captions': {
    one: '{names} hat keine Beschreibung, andere haben eine.',
    other: '{names} haben keine Beschreibung, andere haben eine.',
  },
  'pictures.warn.few': {
    one: 'Aus einem Bild ist wenig zu lernen. Drei bis sechs von mehreren Seiten sind am besten.',
    other:
      'Aus {n} Bildern ist wenig zu lernen. Drei bis sechs von mehreren Seiten sind am besten.',
  },
};
