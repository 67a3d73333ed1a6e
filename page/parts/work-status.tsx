/** @file What a run or an experiment is doing, in words; how far it is, until when; and why it failed. */
import type { ReactNode } from 'react';
import type { Failure } from '../../src/studio/interface/operation-shapes.ts';
import { useWords } from '../words/use-words.tsx';
import { Notice } from './notice.tsx';
import { Progress } from './progress.tsx';
import { useNow } from './use-now.ts';
import { FailureText } from './words/failure-text.tsx';
import styles from './work-status.module.css';

interface WorkStatusProps {
  /** Its state. */
  readonly word: string;
  /** Stand beside the state. */
  readonly facts: ReactNode;
  /** Undefined where there is nothing to count. */
  readonly progress: { readonly label: string; readonly share: number } | undefined;
  /** What to make of the state. */
  readonly children: ReactNode;
}

export function WorkStatus({ word, facts, progress, children }: WorkStatusProps) {
  return (
    <section aria-label={word} className={styles.status}>
      <p className={styles.line}>
        <strong>{word}</strong>
        {facts}
      </p>
      {progress !== undefined && <Progress {...progress} />}
      {children}
    </section>
  );
}

/** Two facts: how long it still takes, and when it ends. */
export function TimeLeft({ seconds }: { seconds: number }) {
  const { t, formats } = useWords();
  const now = useNow(10_000);
  return (
    <>
      <span>{t('run.left', { time: formats.clock(seconds) })}</span>
      <span>{t('run.ends', { clock: formats.timeOfDay(now + 1000 * seconds) })}</span>
    </>
  );
}

/** What a state means that is no fault. */
export function Meaning({ children }: { children: string }) {
  return <p className={styles.meaning}>{children}</p>;
}

export function BadFailure({ failure }: { failure: Failure }) {
  return (
    <Notice>
      <FailureText failure={failure} />
    </Notice>
  );
}
