/** @file What a run is doing, in words: its state, the step, the time left; and what to make of a bad end. */
import { useEffect } from 'react';
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { usePhaseProgress } from '../../backend/apply-run-events.ts';
import { useMessages } from '../../parts/messages.tsx';
import { Notice } from '../../parts/notice.tsx';
import { FailureText } from '../../parts/words/failure-text.tsx';
import { stateWord } from '../../parts/words/run-words.ts';
import { BadFailure, Meaning, TimeLeft, WorkStatus } from '../../parts/work-status.tsx';
import { type PlainWordKey, useWords } from '../../words/use-words.tsx';

export function RunStatus({ run }: { run: RunDetail }) {
  const { t } = useWords();
  const { state, steps } = run;
  const counted = t('run.step', { step: state.step, steps });
  useAnnouncedSteps(run);
  return (
    <WorkStatus
      word={stateWord(t, state)}
      facts={
        <>
          <span>{counted}</span>
          {state.state === 'running' && <PhaseOrTime run={run} />}
        </>
      }
      progress={{ label: counted, share: state.step / steps }}
    >
      <BrokeOff run={run} />
      <BadEnd run={run} />
    </WorkStatus>
  );
}

function PhaseOrTime({ run: { id, state, secondsLeft } }: { run: RunDetail }) {
  const { t } = useWords();
  const counted = usePhaseProgress(id);
  if (state.state !== 'running') return null;
  if (state.step === 0 || state.phase !== 'training') {
    const phase = phaseWord(t, counted?.phase ?? state.phase);
    const isCounted = counted !== undefined && counted.phase === state.phase;
    const { done, total } = counted ?? { done: 0, total: 0 };
    if (phase !== undefined) {
      return <span>{isCounted ? t('run.phase-count', { phase, done, total }) : phase}</span>;
    }
  }
  if (secondsLeft === undefined) return <span>{t('run.reckoning')}</span>;
  return <TimeLeft seconds={secondsLeft} />;
}

const phases: Readonly<Record<string, PlainWordKey>> = {
  beginning: 'run.phase.beginning',
  'drawing pictures of the class': 'run.phase.class',
  'encoding pictures': 'run.phase.pictures',
  'encoding texts': 'run.phase.texts',
  'rounding weights': 'run.phase.rounding',
  'decomposing weights': 'run.phase.weights',
  'taking gradients': 'run.phase.gradients',
  compiling: 'run.phase.compiling',
};

function phaseWord(t: (key: PlainWordKey) => string, phase: string): string | undefined {
  const key = phases[phase];
  return key === undefined ? undefined : t(key);
}

function BrokeOff({ run: { recovery } }: { run: RunDetail }) {
  const { t } = useWords();
  if (recovery === undefined) return null;
  const { failure, step, from } = recovery;
  return (
    <Notice>
      <p>{from === 0 ? t('run.begun-anew', { step }) : t('run.gone-on', { step, from })}</p>
      {failure !== undefined && <FailureText failure={failure} />}
    </Notice>
  );
}

function BadEnd({ run: { state } }: { run: RunDetail }) {
  const { t } = useWords();
  if (state.state === 'paused') return <Meaning>{t('run.paused-why')}</Meaning>;
  if (state.state === 'failed') return <BadFailure failure={state} />;
  if (state.state !== 'ended unexpectedly') return null;
  return (
    <Notice>
      <p>{t('run.ended-at')}</p>
      <p>
        {state.checkpoint === undefined
          ? t('run.ended-nothing')
          : t('run.ended-checkpoint', { step: state.checkpoint })}
      </p>
    </Notice>
  );
}

/** Tells who listens: every tenth of the way, and when the state is another. */
function useAnnouncedSteps({ name, state, steps, secondsLeft }: RunDetail): void {
  const { t, formats } = useWords();
  const { announce } = useMessages();
  const tenth = Math.floor((10 * state.step) / steps);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said when a tenth is made, not with every step
  useEffect(() => {
    if (state.state !== 'running') announce(`${name}: ${stateWord(t, state)}`);
    else if (secondsLeft !== undefined && tenth > 0) {
      const time = formats.duration(secondsLeft);
      announce(t('run.said', { step: state.step, steps, time }));
    }
  }, [tenth, state.state]);
}
