/** @file Runs as cards: a picture, what it is doing in words, and the way on for what was left unfinished. */
import { Link } from 'wouter';
import type { RunSummary } from '../../../src/studio/interface/run-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Picture } from '../../parts/pictures/picture.tsx';
import { Progress } from '../../parts/progress.tsx';
import { useNow } from '../../parts/use-now.ts';
import { canGoOn, stateWord } from '../../parts/words/run-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './run-list.module.css';

export function RunList({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useWords();
  if (runs.length === 0) return <EmptyState text={t('home.no-runs')} />;
  const newest = [...runs].sort((a, b) => b.changed - a.changed);
  return (
    <ul className={styles.list}>
      {newest.map((run) => (
        <li key={run.id} className={styles.card}>
          <RunCard run={run} />
        </li>
      ))}
    </ul>
  );
}

function RunCard({ run }: { run: RunSummary }) {
  const { t, formats } = useWords();
  const now = useNow(30_000);
  const goOn = useChange('jobs.add');
  const { id, name, subject, thumbnail, state, steps, changed } = run;
  const isRunning = state.state === 'running';
  return (
    <>
      <Link to={`/runs/${encodeURIComponent(id)}`} className={styles.link}>
        <span className={styles.picture}>
          {thumbnail !== undefined && <Picture picture={thumbnail} alt="" width={160} />}
        </span>
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          <span className={styles.fact}>{subject}</span>
          <span className={styles.fact}>
            {stateWord(t, state)}
            {' · '}
            {isRunning || state.state !== 'finished'
              ? t('run.step', { step: state.step, steps })
              : formats.ago(changed, now)}
          </span>
          {isRunning && <Progress label={name} share={state.step / steps} />}
        </span>
      </Link>
      {canGoOn(state) && (
        <Button isBusy={goOn.isPending} onClick={() => goOn.mutate({ kind: 'resume', run: id })}>
          {t('home.go-on')}
        </Button>
      )}
      <ErrorNotice error={goOn.error} />
    </>
  );
}
