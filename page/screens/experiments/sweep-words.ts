/** @file The state of a sweep, and of its tasks, in words and signs. */
import type { SweepState, SweepTask } from '../../../src/studio/interface/experiment-operations.ts';
import type { IconName } from '../../parts/icon.tsx';
import type { Translate } from '../../words/use-words.tsx';

const states = {
  new: 'experiments.state.new',
  waiting: 'experiments.state.waiting',
  running: 'experiments.state.running',
  finished: 'experiments.state.finished',
  stopped: 'experiments.state.stopped',
  incomplete: 'experiments.state.incomplete',
  failed: 'experiments.state.failed',
  'ended unexpectedly': 'experiments.state.ended',
} as const;

export function sweepWord(t: Translate, { state }: SweepState): string {
  return t(states[state]);
}

const tasks = {
  waiting: 'experiments.task.waiting',
  running: 'experiments.task.running',
  done: 'experiments.task.done',
  failed: 'experiments.task.failed',
} as const;

const stages = {
  training: 'experiments.stage.training',
  drawing: 'experiments.stage.drawing',
  scoring: 'experiments.stage.scoring',
} as const;

/** "done", or where a running one is: "training, 12 of 300". */
export function taskWord(t: Translate, { state, progress }: SweepTask): string {
  if (state !== 'running' || progress === undefined) return t(tasks[state]);
  const { stage, done, total } = progress;
  return t('experiments.stage-count', { stage: t(stages[stage]), done, total });
}

export const taskSigns: Readonly<Record<SweepTask['state'], IconName>> = {
  waiting: 'waiting',
  running: 'play',
  done: 'check',
  failed: 'warning',
};
