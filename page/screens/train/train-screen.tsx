/** @file Screen: train. */
import { EmptyState } from '../../parts/empty-state.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';

export function TrainScreen() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('train.title')} />
      <EmptyState text={t('train.by-command')} />
    </>
  );
}
