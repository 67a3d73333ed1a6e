/** @file At the bottom of every screen: what is training now, and how many wait. */
import { Link } from 'wouter';
import type { SweepSummary } from '../../src/studio/interface/experiment-operations.ts';
import type { RunSummary } from '../../src/studio/interface/run-operations.ts';
import { useLook } from '../backend/use-look.ts';
import { Progress } from '../parts/progress.tsx';
import { useWords } from '../words/use-words.tsx';
import styles from './job-strip.module.css';

export function JobStrip() {
  const { t } = useWords();
  const { data: runs = [] } = useLook('runs.list', {});
  const { data: jobs = [] } = useLook('jobs.list', {});
  const { data: sweeps = [] } = useLook('sweeps.list', {});
  const running = runs.filter(({ state }) => state.state === 'running');
  const experiments = sweeps.filter(({ state }) => state.state === 'running');
  const waiting = jobs.filter(({ state }) => state === 'waiting').length;
  return (
    <aside aria-label={t('frame.strip')} className={styles.strip}>
      {running.length + experiments.length === 0 && (
        <p className={styles.quiet}>{t('frame.idle')}</p>
      )}
      {running.slice(0, 2).map((run) => (
        <RunningRun key={run.id} run={run} />
      ))}
      {experiments.slice(0, 2 - Math.min(running.length, 1)).map((sweep) => (
        <RunningSweep key={sweep.id} sweep={sweep} />
      ))}
      {waiting > 0 && (
        <Link to="/train" className={styles.waiting}>
          {t('frame.waiting', { n: waiting })}
        </Link>
      )}
    </aside>
  );
}

function RunningRun({ run }: { run: RunSummary }) {
  const { t, formats } = useWords();
  const { id, name, steps, state, secondsLeft } = run;
  const share = state.step / steps;
  return (
    <Link to={`/runs/${encodeURIComponent(id)}`} className={styles.run}>
      <span className={styles.name}>{name}</span>
      <Progress label={name} share={state.step === 0 ? undefined : share} />
      <span className={styles.figures}>
        {state.step === 0 ? t('run.state.running') : formats.percent(share)}
        {secondsLeft !== undefined && (
          <span className={styles.left}>
            {' · '}
            {t('run.left', { time: formats.clock(secondsLeft) })}
          </span>
        )}
      </span>
    </Link>
  );
}

function RunningSweep({ sweep }: { sweep: SweepSummary }) {
  const { t, formats } = useWords();
  const { id, title, done, total, secondsLeft } = sweep;
  return (
    <Link to={`/experiments/${encodeURIComponent(id)}`} className={styles.run}>
      <span className={styles.name}>{title}</span>
      <Progress label={title} share={total === 0 ? undefined : done / total} />
      <span className={styles.figures}>
        {total === 0 ? t('experiments.state.running') : t('experiments.tasks-of', { done, total })}
        {secondsLeft !== undefined && (
          <span className={styles.left}>
            {' · '}
            {t('run.left', { time: formats.clock(secondsLeft) })}
          </span>
        )}
      </span>
    </Link>
  );
}
