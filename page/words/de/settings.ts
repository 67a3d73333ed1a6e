/** @file German words of the screen of settings. */
import type { settings as english } from '../en/settings.ts';
import type { Translation } from '../word-types.ts';

export const settings: Translation<typeof english> = {
  'settings.title': 'Einstellungen',
  'settings.lead': 'Liegen im Arbeitsordner und gelten in jedem Browser, der ihn öffnet.',
  'settings.language': 'Sprache',
  'settings.theme': 'Hell oder dunkel',
  'settings.system': 'Wie das System',
  'settings.light': 'Hell',
  'settings.dark': 'Dunkel',
  'settings.shortcuts': 'Einzelne Tasten sind Kürzel (? zeigt sie)',
  'settings.stored': 'Platz auf der Platte',
  'settings.stored-hint':
    'Entsteht neu, sobald man es braucht. Läufe, Bilder und Adapter sind nicht dabei.',
  'settings.comparisons': 'Bilder von Vergleichen',
  'settings.downloads': 'Dateien zum Herunterladen',
  'settings.stored-none': 'keine',
  'settings.stored-size': { one: '{n} Datei, {size}', other: '{n} Dateien, {size}' },
  'settings.clear': 'Entfernen',
  'settings.clear-kind': 'Entfernen: {kind}',
  'settings.freed': '{size} frei geworden.',
  'settings.models': 'Eigene Modelle',
  'settings.models-hint': 'Was auf einem trainiert wurde, braucht es zum Zeichnen.',
  'settings.machine': 'Dieser Rechner',
  'settings.work': 'Arbeitsordner',
  'settings.cores': 'Kerne',
  'settings.memory': 'Arbeitsspeicher',
  'settings.disk': 'Frei auf der Platte',
  'settings.devices': 'Rechnet auf',
  'settings.version': 'Version',
};
