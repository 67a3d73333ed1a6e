/** @file German words in place of others where Studio works in the tab. */
import type { englishInATab } from '../../en/tab/in-a-tab.ts';
import type { Translation } from '../../word-types.ts';

export const germanInATab: Translation<typeof englishInATab> = {
  'home.lead':
    'Drei bis sechs Bilder genügen. Sie verlassen diesen Rechner nicht: Dieser Tab macht alle Arbeit.',
  'home.here': 'in diesem Browser, {size}',
  'home.too-large': 'passt nicht in einen Tab',
  'home.machine': '{cores} Kerne, höchstens {memory} Arbeitsspeicher, rechnet auf {devices}',
  'home.try-hint': 'Ohne Vorbereitung: fünf mitgelieferte Bilder, das Spielzeug, ein paar Minuten.',
  'home.no-runs': 'Was in diesem Browser trainiert wird, erscheint hier.',
  'run.state.ended': 'abgebrochen',
  'run.ended-at':
    'Ein Training lebt nicht länger als sein Tab: Er wurde geschlossen oder neu geladen, oder der Worker darin brach ab, vielleicht aus Mangel an Speicher.',
  'run.ended-checkpoint':
    'Alles bis Schritt {step} liegt in diesem Browser. Von dort geht es weiter, mit demselben Ergebnis, als wäre nichts geschehen.',
  'train.disk': 'Speicherplatz, höchstens',
  'train.memory-large': '{bytes}; ein Tab hat höchstens {all}',
  'parts.no-answer':
    'Studio antwortet nicht. Bitte die Seite neu laden; was aufbewahrt war, ist noch da.',
  'parts.group.machine': 'Dieser Tab',
  'pictures.remove-sure': {
    one: 'Der Satz und sein Bild werden aus diesem Browser entfernt. Die Datei, aus der es kam, bleibt.',
    other:
      'Der Satz und seine {n} Bilder werden aus diesem Browser entfernt. Die Dateien, aus denen sie kamen, bleiben.',
  },
  'adapters.lead':
    'Kleine Dateien, die einem Modell je eine Sache beibringen. Die von Läufen erscheinen von selbst; andere lassen sich hier ablegen.',
  'adapters.beside': 'hinzugefügt oder hier gemacht',
  'adapters.merge-few':
    'Zum Verbinden braucht es zwei Adapter; hier sind weniger. Trainieren Sie noch einen.',
  'adapters.new-name-hint': 'Er liegt dann in diesem Browser, bei den Adaptern.',
  'adapters.models-where':
    'Modelle, die auf der Startseite hinzugefügt wurden, stehen in den Listen; andere kommen vom Hub.',
  'experiments.file-hint': 'Alles darf geändert werden; beim Tippen wird es geprüft.',
  'experiments.ended-why':
    'Ein Experiment lebt nicht länger als sein Tab: Er wurde geschlossen oder neu geladen, oder der Worker darin brach ab, vielleicht aus Mangel an Speicher. Was fertig ist, bleibt, und Angefangenes geht weiter, wo es war.',
  'experiments.fact.disk': 'Speicherplatz, höchstens',
  'experiments.too-large': 'Zu groß für den Speicher eines Tabs: {names}.',
  'settings.lead': 'Liegen in diesem Browser und gelten in jedem Tab dieser Seite.',
  'settings.stored': 'Platz in diesem Browser',
  'settings.machine': 'Dieser Tab',
  'settings.memory': 'Arbeitsspeicher, höchstens',
  'settings.disk': 'Frei für diese Seite',
};
