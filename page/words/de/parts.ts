/** @file German words of the parts that screens are made of. */
import type { parts as english } from '../en/parts.ts';
import type { Translation } from '../word-types.ts';

export const parts: Translation<typeof english> = {
  'parts.close': 'Schließen',
  'parts.copy': 'Kopieren',
  'parts.copied': 'Kopiert',
  'parts.remove': 'Entfernen',
  'parts.cancel': 'Abbrechen',
  'parts.no-answer': 'Studio antwortet nicht. Läuft es noch?',
  'parts.as-table': 'Als Tabelle',
  'parts.step': 'Schritt',
};
