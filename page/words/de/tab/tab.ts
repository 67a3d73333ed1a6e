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
  'tab.no-storage': 'Diese Seite darf keine Dateien aufbewahren',
  'tab.no-storage-why':
    'Bilder und Trainings liegen im Speicher des Browsers, und dieses Fenster hat keinen: So ist es oft in privaten Fenstern, und wo Websitedaten abgelehnt werden. Bitte in einem gewöhnlichen Fenster öffnen, oder der Seite Daten erlauben.',
  'tab.failed': 'Studio konnte nicht beginnen',
  'tab.failed-why':
    'Was aufbewahrt war, ist noch da. Bitte andere Tabs dieser Seite schließen und sie neu laden. Hilft das nicht, beginnt sie ganz von vorn, wenn alles entfernt ist.',
  'tab.reload': 'Neu laden',
  'tab.remove': 'Alles entfernen',
  'tab.remove-sure':
    'Alle Bilder, Trainings, Adapter und Modelle in diesem Browser werden gelöscht. Das lässt sich nicht rückgängig machen; was bleiben soll, bitte vorher herunterladen.',
  'tab.not-removed': 'Nicht alles ließ sich entfernen',
  'tab.not-removed-why':
    'Ein anderer Tab dieser Seite arbeitet noch damit. Bitte die anderen Tabs schließen, diesen neu laden und noch einmal alles entfernen.',
  'tab.storage': 'Was dieser Browser aufbewahrt',
  'tab.used': 'Für diese Seite',
  'tab.short': 'Wenn der Platz knapp wird',
  'tab.short-stays': 'bleibt es',
  'tab.short-goes': 'darf der Browser es entfernen',
  'tab.ask': 'Den Browser bitten, es zu behalten',
  'tab.asked-in-vain':
    'Der Browser verspricht noch nichts; manche tun es für Seiten, die man oft benutzt oder als Lesezeichen hat. Adapter, die bleiben sollen, bitte herunterladen.',
};
