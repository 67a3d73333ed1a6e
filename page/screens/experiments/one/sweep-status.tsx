/** @file What an experiment is doing, in words; and what to make of a bad end. */
import { useEffect } from 'react';
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { useMessages } from '../../../parts/messages.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { useWaitsWords } from '../../../parts/words/waits-words.ts';
import { BadFailure, Meaning, TimeLeft, WorkStatus } from '../../../parts/work-status.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { sweepWord } from '../sweep-words.ts';

export function SweepStatus({ sweep }: { sweep: SweepDetail }) {
  const { t } = useWords();
  const { state, done, total, failed, secondsLeft } = sweep;
  const counted = t('experiments.tasks-of', { done, total });
  useAnnounced(sweep);
  return (
    <WorkStatus
      word={sweepWord(t, state)}
      facts={
        <>
          {total > 0 && <span>{counted}</span>}
          {failed > 0 && <span>{t('experiments.failed-count', { n: failed })}</span>}
          {state.state === 'running' && secondsLeft === undefined && (
            <span>{total === 0 ? t('experiments.planning') : t('run.reckoning')}</span>
          )}
          {secondsLeft !== undefined && <TimeLeft seconds={secondsLeft} />}
        </>
      }
      progress={total > 0 ? { label: counted, share: done / total } : undefined}
    >
      <BadEnd sweep={sweep} />
    </WorkStatus>
  );
}

function BadEnd({ sweep: { state, waitsFor } }: { sweep: SweepDetail }) {
  const { t } = useWords();
  const waits = useWaitsWords();
  if (state.state === 'waiting') return <Meaning>{waits(waitsFor)}</Meaning>;
  if (state.state === 'failed') return <BadFailure failure={state} />;
  if (state.state === 'ended unexpectedly') return <Notice>{t('experiments.ended-why')}</Notice>;
  if (state.state === 'stopped') return <Meaning>{t('experiments.stopped-why')}</Meaning>;
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
