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
  'settings.stored': 'Room on the disk',
  'settings.stored-hint':
    'Made again whenever you ask for it. Runs, pictures and adapters are not among them.',
  'settings.comparisons': 'Pictures of comparisons',
  'settings.downloads': 'Files made to be downloaded',
  'settings.stored-none': 'none',
  'settings.stored-size': { one: '{n} file, {size}', other: '{n} files, {size}' },
  'settings.clear': 'Remove',
  'settings.clear-kind': 'Remove: {kind}',
  'settings.freed': '{size} freed.',
  'settings.models': 'Models that you added',
  'settings.models-hint': 'What was trained on one needs it to draw.',
  'settings.machine': 'This machine',
  'settings.work': 'Work folder',
  'settings.cores': 'Cores',
  'settings.memory': 'Memory',
  'settings.disk': 'Free on the disk',
  'settings.devices': 'Computes on',
  'settings.version': 'Version',
} as const satisfies Words;
