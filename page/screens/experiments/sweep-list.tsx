/** @file Experiments as cards: what each asks, what it is doing, how far it is. */
import { Link } from 'wouter';
import type { SweepSummary } from '../../../src/studio/interface/experiment-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { LinkButton } from '../../parts/controls/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Progress } from '../../parts/progress.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './sweep-list.module.css';
import { sweepWord } from './sweep-words.ts';

export function SweepList() {
  const { t } = useWords();
  const { data: sweeps, error } = useLook('sweeps.list', {});
  return (
    <>
      <ScreenTitle title={t('experiments.title')} lead={t('experiments.lead')}>
        <LinkButton kind="main" icon="add" to="/experiments/new">
          {t('experiments.new')}
        </LinkButton>
      </ScreenTitle>
      <ErrorNotice error={error} />
      {sweeps?.length === 0 && <EmptyState text={t('experiments.none')} />}
      <ul className={styles.list}>
        {sweeps?.map((sweep) => (
          <li key={sweep.id}>
            <SweepCard sweep={sweep} />
          </li>
        ))}
      </ul>
    </>
  );
}

function SweepCard({ sweep }: { sweep: SweepSummary }) {
  const { t, formats } = useWords();
  const now = useNow(30_000);
  const { id, title, state, done, total, failed, secondsLeft, hasReport, changed } = sweep;
  const facts = [
    sweepWord(t, state),
    ...(total > 0 ? [t('experiments.tasks-of', { done, total })] : []),
    ...(failed > 0 ? [t('experiments.failed-count', { n: failed })] : []),
    ...(secondsLeft === undefined ? [] : [t('run.left', { time: formats.clock(secondsLeft) })]),
    ...(hasReport ? [t('experiments.has-report')] : []),
    ...(state.state === 'running' ? [] : [formats.ago(changed, now)]),
  ];
  return (
    <Link to={`/experiments/${encodeURIComponent(id)}`} className={styles.card}>
      <span className={styles.name}>{title}</span>
      <span className={styles.fact}>{facts.join(' · ')}</span>
      {total > 0 && <Progress label={title} share={done / total} />}
    </Link>
  );
}
