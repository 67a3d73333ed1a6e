/** @file What a device that is waited for is busy with, in words. */
import type { WaitsFor } from '../../../src/studio/interface/operation-shapes.ts';
import { useWords } from '../../words/use-words.tsx';

/** In a sentence that stands alone. */
export function useWaitsWords(): (waitsFor: WaitsFor | undefined) => string {
  const { t } = useWords();
  return (waitsFor) =>
    waitsFor?.name === undefined ? t('parts.waits') : t('parts.waits-for', { name: waitsFor.name });
}
