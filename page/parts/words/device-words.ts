/** @file What devices are called: the processor in words, others by the names that their makers gave them. */
import { useWords } from '../../words/use-words.tsx';

export function useDeviceWords(): (device: string) => string {
  const { t } = useWords();
  return (device) => (device === 'cpu' ? t('parts.processor') : device);
}
