/** @file The state of a run in words. */
import type { RunSummary } from '../../../src/studio/interface/run-operations.ts';
import type { Translate } from '../../words/use-words.tsx';

type RunState = RunSummary['state'];

const keys = {
  finished: 'run.state.finished',
  running: 'run.state.running',
  paused: 'run.state.paused',
  failed: 'run.state.failed',
  'ended unexpectedly': 'run.state.ended',
} as const;

export function stateWord(t: Translate, { state }: RunState): string {
  return t(keys[state]);
}

/** Whether somebody has to say that it goes on. */
export function canGoOn({ state }: RunState): boolean {
  return state === 'paused' || state === 'failed' || state === 'ended unexpectedly';
}
