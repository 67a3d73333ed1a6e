/** @file What an experiment is doing, in words; and what to make of a bad end. */
import { useEffect } from 'react';
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { useMessages } from '../../../parts/messages.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useWords } from '../../../words/use-words.tsx';
import { sweepWord } from '../sweep-words.ts';
import styles from './sweep-status.module.css';

export function SweepStatus({ sweep }: { sweep: SweepDetail }) {
  const { t, formats } = useWords();
  const now = useNow(10_000);
  const { state, done, total, failed, secondsLeft } = sweep;
  const word = sweepWord(t, state);
  const counted = t('experiments.tasks-of', { done, total });
  useAnnounced(sweep);
  return (
    <section aria-label={word} className={styles.status}>
      <p className={styles.line}>
        <strong>{word}</strong>
        {total > 0 && <span>{counted}</span>}
        {failed > 0 && <span>{t('experiments.failed-count', { n: failed })}</span>}
        {state.state === 'running' && secondsLeft === undefined && (
          <span>{total === 0 ? t('experiments.planning') : t('run.reckoning')}</span>
        )}
        {secondsLeft !== undefined && (
          <>
            <span>{t('run.left', { time: formats.clock(secondsLeft) })}</span>
            <span>{t('run.ends', { clock: formats.timeOfDay(now + 1000 * secondsLeft) })}</span>
          </>
        )}
      </p>
      {total > 0 && <Progress label={counted} share={done / total} />}
      <BadEnd sweep={sweep} />
    </section>
  );
}

function BadEnd({ sweep: { state } }: { sweep: SweepDetail }) {
  const { t } = useWords();
  if (state.state === 'failed') {
    return (
      <Notice>
        {state.message} <code>{state.code}</code>
      </Notice>
    );
  }
  if (state.state === 'ended unexpectedly') return <Notice>{t('experiments.ended-why')}</Notice>;
  if (state.state === 'stopped')
    return <p className={styles.why}>{t('experiments.stopped-why')}</p>;
  if (state.state === 'incomplete') return <Notice>{t('experiments.incomplete-why')}</Notice>;
  return null;
}

/** Tells who listens: when a task is done, and when the state is another. */
function useAnnounced({ title, state, done, total }: SweepDetail): void {
  const { t } = useWords();
  const { announce } = useMessages();
  const kind = state.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: said when one of these is another, not with every look
  useEffect(() => {
    announce(`${title}: ${sweepWord(t, state)}, ${t('experiments.tasks-of', { done, total })}`);
  }, [kind, done, total]);
}
