/** @file Screen: pictures. */
import { EmptyState } from '../../parts/empty-state.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';

export function PicturesScreen() {
  const { t } = useWords();
  return (
    <>
      <ScreenTitle title={t('pictures.title')} />
      <EmptyState text={t('pictures.by-command')} />
    </>
  );
}
