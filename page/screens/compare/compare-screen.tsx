/** @file Screen: compare. */
import { EmptyState } from '../../parts/empty-state.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';

export function CompareScreen() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('compare.title')} />
      <EmptyState text={t('compare.by-command')} />
    </>
  );
}
