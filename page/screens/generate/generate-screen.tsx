/** @file Screen: generate. */
import { EmptyState } from '../../parts/empty-state.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';

export function GenerateScreen() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('generate.title')} />
      <EmptyState text={t('generate.by-command')} />
    </>
  );
}
