/** @file Screen: from pictures and one word to a training, in one click; and what was trained lately. */
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { useLook } from '../../backend/use-look.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './home-screen.module.css';
import { NewSubject } from './new-subject.tsx';
import { RunList } from './run-list.tsx';

export function HomeScreen() {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const { data: runs, error } = useLook('runs.list', {});
  const open = useCallback(
    (run: string) => navigate(`/runs/${encodeURIComponent(run)}`),
    [navigate],
  );
  return (
    <>
      <ScreenTitle title={t('home.heading')} lead={t('home.lead')} />
      <NewSubject onBegun={open} />
      <section className={styles.lately}>
        <h2>{t('home.runs')}</h2>
        <ErrorNotice error={error} />
        {runs !== undefined && <RunList runs={runs} />}
      </section>
    </>
  );
}
