/** @file Screen: experiments. */
import { EmptyState } from '../../parts/empty-state.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';

export function ExperimentsScreen() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('experiments.title')} />
      <EmptyState text={t('experiments.by-command')} />
    </>
  );
}
