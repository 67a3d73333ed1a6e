/** @file Jobs that wait, train, or wait for a person; each can be moved, taken out, or let go on. */
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { Job } from '../../../src/studio/interface/job-operations.ts';
import { useChange, useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { FailureText } from '../../parts/words/failure-text.tsx';
import { type PlainWordKey, useWords } from '../../words/use-words.tsx';
import styles from './queue-panel.module.css';

export function QueuePanel() {
  const { t } = useWords();
  const { data: jobs = [], error } = useLook('jobs.list', {});
  const move = useChange('jobs.move');
  const remove = useChange('jobs.remove');
  const retry = useChange('jobs.retry');
  const list = useRef<HTMLUListElement>(null);
  const moved = useRef<string>(undefined);
  // A job that moves takes its place in the document anew, and the focus with it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when the jobs stand in another order
  useEffect(() => {
    const name = moved.current;
    if (name === undefined) return;
    moved.current = undefined;
    list.current?.querySelector<HTMLButtonElement>(`[data-move="${CSS.escape(name)}"]`)?.focus();
  }, [jobs]);
  const shown = jobs.filter(({ state }) => state !== 'done');
  const waiting = shown.filter(({ state }) => state === 'waiting');
  const moveTo = (job: Job, before: string | null, name: string) =>
    move.mutate({ id: job.id, before }, { onSuccess: () => (moved.current = name) });
  return (
    <section className={styles.queue} aria-label={t('train.queue')}>
      <h2>{t('train.queue')}</h2>
      <ErrorNotice error={error ?? move.error ?? remove.error ?? retry.error} />
      {shown.length === 0 && <p className={styles.empty}>{t('train.queue-empty')}</p>}
      <ul ref={list} className={styles.jobs}>
        {shown.map((job) => {
          const at = waiting.indexOf(job);
          return (
            <li key={job.id} className={styles.job}>
              <JobWords job={job} />
              <span className={styles.actions}>
                {at >= 0 && (
                  <>
                    <MoveButton
                      label={t('train.earlier', { title: job.title })}
                      name={`${job.id} earlier`}
                      sign="↑"
                      disabled={at === 0}
                      onMove={(name) => moveTo(job, waiting[at - 1]?.id ?? null, name)}
                    />
                    <MoveButton
                      label={t('train.later', { title: job.title })}
                      name={`${job.id} later`}
                      sign="↓"
                      disabled={at === waiting.length - 1}
                      onMove={(name) => moveTo(job, waiting[at + 2]?.id ?? null, name)}
                    />
                  </>
                )}
                {(job.state === 'held' || job.state === 'failed') && (
                  <Button
                    aria-label={t('train.retry-job', { title: job.title })}
                    isBusy={retry.isPending}
                    onClick={() => retry.mutate({ id: job.id })}
                  >
                    {t('train.retry')}
                  </Button>
                )}
                {job.state !== 'running' && (
                  <Button
                    kind="quiet"
                    icon="close"
                    aria-label={t('train.remove-job', { title: job.title })}
                    onClick={() => remove.mutate({ id: job.id })}
                  />
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const states: Readonly<Record<Job['state'], PlainWordKey>> = {
  waiting: 'train.job.waiting',
  running: 'train.job.running',
  held: 'train.job.held',
  done: 'train.job.done',
  failed: 'train.job.failed',
};

function JobWords({ job }: { job: Job }) {
  const { t } = useWords();
  const { title, state, run } = job;
  return (
    <span className={styles.words}>
      {run === undefined ? (
        <span className={styles.title}>{title}</span>
      ) : (
        <Link to={`/runs/${encodeURIComponent(run)}`} className={styles.title}>
          {title}
        </Link>
      )}
      <span className={styles.state}>
        {t(states[state])}
        {state === 'failed' && <FailureText failure={job} />}
      </span>
    </span>
  );
}

interface MoveButtonProps {
  readonly label: string;
  /** Finds it again when it has moved. */
  readonly name: string;
  readonly sign: string;
  readonly disabled: boolean;
  readonly onMove: (name: string) => void;
}

/** Stays reachable where it can do nothing, so that the focus is not lost at the end of the list. */
function MoveButton({ label, name, sign, disabled, onMove }: MoveButtonProps) {
  return (
    <Button
      kind="quiet"
      className={styles.move}
      aria-label={label}
      aria-disabled={disabled}
      data-move={name}
      onClick={() => {
        if (!disabled) onMove(name);
      }}
    >
      {sign}
    </Button>
  );
}
