/** @file Screen: one run. */
import { useLook } from '../../backend/use-look.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { ScreenProps } from '../registry.ts';

export function RunScreen({ id }: ScreenProps) {
  const { t } = useWords();
  const { data: run, error } = useLook('runs.get', id === undefined ? undefined : { id });
  return (
    <>
      <ScreenTitle
        title={run?.name ?? t('run.title')}
        lead={
          run === undefined ? undefined : t('run.step', { step: run.state.step, steps: run.steps })
        }
      />
      <ErrorNotice error={error} />
    </>
  );
}
