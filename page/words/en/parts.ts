/** @file Words of the parts that screens are made of. */
import type { Words } from '../word-types.ts';

export const parts = {
  'parts.close': 'Close',
  'parts.copy': 'Copy',
  'parts.copied': 'Copied',
  'parts.remove': 'Remove',
  'parts.cancel': 'Cancel',
  'parts.no-answer': 'Studio does not answer. Is it still running?',
  'parts.as-table': 'As a table',
  'parts.step': 'Step',
} as const satisfies Words;
