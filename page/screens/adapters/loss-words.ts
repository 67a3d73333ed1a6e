/** @file How near one adapter comes to another, in a sentence. */
import type { MadeFile } from '../../../src/studio/interface/adapter-operations.ts';
import type { Formats } from '../../words/formats.ts';
import type { Translate } from '../../words/use-words.tsx';

/** Below this an error is the rounding of float32 sums. */
const rounding = 1e-5;

export function lossWords(t: Translate, formats: Formats, errors: MadeFile['errors']): string {
  if (errors === undefined) return t('adapters.loss.unknown');
  const { worst, median } = errors;
  if (worst.error === 0) return t('adapters.loss.none');
  if (worst.error < rounding) return t('adapters.loss.rounding');
  const percent = (share: number) => formats.short(100 * share);
  return t('adapters.loss.some', { median: percent(median), worst: percent(worst.error) });
}
