/** @file Words of the screen of settings. */
import type { Words } from '../word-types.ts';

export const settings = {
  'settings.title': 'Settings',
  'settings.lead': 'Kept in the work folder, for every browser that opens it.',
  'settings.language': 'Language',
  'settings.theme': 'Light or dark',
  'settings.system': 'As the system',
  'settings.light': 'Light',
  'settings.dark': 'Dark',
  'settings.shortcuts': 'Single keys are shortcuts (? lists them)',
  'settings.machine': 'This machine',
  'settings.work': 'Work folder',
  'settings.cores': 'Cores',
  'settings.memory': 'Memory',
  'settings.disk': 'Free on the disk',
  'settings.devices': 'Computes on',
  'settings.version': 'Version',
} as const satisfies Words;
