/** @file Screen: adapters. */
import { EmptyState } from '../../parts/empty-state.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';

export function AdaptersScreen() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('adapters.title')} />
      <EmptyState text={t('adapters.by-command')} />
    </>
  );
}
