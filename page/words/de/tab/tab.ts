/** @file German words that are needed where Studio works in the tab alone. */
import type { tab as english } from '../../en/tab/tab.ts';
import type { Translation } from '../../word-types.ts';

export const tab: Translation<typeof english> = {
  'tab.beginning': 'Studio beginnt, in diesem Tab…',
  'tab.beginning-hint':
    'Beim ersten Mal lädt es ein paar Megabyte; danach braucht es kein Netz mehr.',
  'tab.no-service': 'Hier kann diese Seite nicht arbeiten',
  'tab.no-service-why':
    'Sie braucht einen Service Worker. Den geben Browser nur Seiten, die mit https geöffnet wurden, und oft nicht in privaten Fenstern. Bitte mit https in einem gewöhnlichen Fenster öffnen.',
  'tab.not-installed': 'Diese Seite ließ sich nicht vollständig laden',
  'tab.not-installed-why':
    'Der Rechner, von dem sie kommt, sendet nicht, was zu ihr gehört: Er ist vielleicht gestört oder erhält gerade eine neuere Version. Laden Sie die Seite nach einer Weile noch einmal.',
  'tab.no-storage': 'Diese Seite darf keine Dateien aufbewahren',
  'tab.no-storage-why':
    'Bilder und Trainings liegen im Speicher des Browsers, und dieses Fenster hat keinen: So ist es oft in privaten Fenstern, und wo Websitedaten abgelehnt werden. Bitte in einem gewöhnlichen Fenster öffnen, oder der Seite Daten erlauben.',
  'tab.failed': 'Studio konnte nicht beginnen',
  'tab.failed-why':
    'Was aufbewahrt war, ist noch da. Bitte andere Tabs dieser Seite schließen und sie neu laden. Hilft das nicht, beginnt sie ganz von vorn, wenn alles entfernt ist.',
  'tab.ended':
    'Studio ist in diesem Tab zu Ende gegangen, vielleicht aus Mangel an Speicher. Was aufbewahrt war, ist noch da, und Trainings gehen vom letzten Zwischenstand an weiter.',
  'tab.remove': 'Alles entfernen',
  'tab.remove-sure':
    'Alle Bilder, Trainings, Adapter und Modelle in diesem Browser werden gelöscht. Das lässt sich nicht rückgängig machen; was bleiben soll, bitte vorher herunterladen.',
  'tab.not-removed': 'Nicht alles ließ sich entfernen',
  'tab.not-removed-why':
    'Ein anderer Tab dieser Seite arbeitet noch damit. Bitte die anderen Tabs schließen, diesen neu laden und noch einmal alles entfernen.',
  'tab.lost': 'Der Browser hat Dateien dieser Seite entfernt',
  'tab.lost-why':
    'Das tun Browser, wenn der Platz knapp wird. Dies fehlt; alles andere ist noch da.',
  'tab.lost-all': 'Der Browser hat alles von dieser Seite entfernt',
  'tab.lost-all-why':
    'Das tun Browser, wenn der Platz knapp wird oder Websitedaten gelöscht werden. Bilder, Trainings und Adapter, die hier waren, sind weg; was heruntergeladen wurde, bleibt.',
  'tab.lost.runs': 'Training „{name}“',
  'tab.lost.runs-then':
    'Einige seiner Dateien. Bitte fortsetzen, wo es angeboten wird, sonst neu trainieren.',
  'tab.lost.datasets': 'Bilder „{name}“',
  'tab.lost.datasets-then': 'Bitte aus den Dateien, aus denen sie kamen, neu hinzufügen.',
  'tab.lost.adapters': 'Adapter „{name}“',
  'tab.lost.adapters-then':
    'Wurde er heruntergeladen, lässt er sich wieder hinzufügen; sonst bitte neu machen.',
  'tab.lost.models': 'Modell „{name}“',
  'tab.lost.models-then': 'Bitte aus der Datei, aus der es kam, neu hinzufügen.',
  'tab.lost.sweeps': 'Experiment „{name}“',
  'tab.lost.sweeps-then': 'Bitte noch einmal starten: Was noch da ist, wird nicht wiederholt.',
  'tab.lost.pictures': {
    one: 'Eine Datei der Galerie',
    other: '{n} Dateien der Galerie',
  },
  'tab.lost.pictures-then': 'Lassen sich neu zeichnen; derselbe Startwert gibt dasselbe Bild.',
  'tab.lost.others': { one: 'Eine Arbeitsdatei', other: '{n} Arbeitsdateien' },
  'tab.lost.others-then':
    'Sie werden bei Bedarf neu gemacht oder geladen: Modelle vom Hub, Vorschaubilder, Vergleiche.',
  'tab.lost-next':
    'Was bleiben soll, bitte herunterladen. In den Einstellungen lässt sich der Browser bitten, nichts zu entfernen.',
  'tab.lost-read': 'Studio öffnen',
  'tab.not-kept':
    'Wenn der Platz knapp wird, darf der Browser entfernen, was hier entsteht. Adapter, die bleiben sollen, bitte herunterladen.',
  'tab.storage': 'Was dieser Browser aufbewahrt',
  'tab.used': 'Für diese Seite',
  'tab.short': 'Wenn der Platz knapp wird',
  'tab.short-stays': 'bleibt es',
  'tab.short-goes': 'darf der Browser es entfernen',
  'tab.ask': 'Den Browser bitten, es zu behalten',
  'tab.asked-in-vain':
    'Der Browser verspricht noch nichts; manche tun es für Seiten, die man oft benutzt oder als Lesezeichen hat. Adapter, die bleiben sollen, bitte herunterladen.',
};
