/** @file Words of the screen of one run, and of the states of runs everywhere. */
import type { Words } from '../word-types.ts';

export const run = {
  'run.title': 'Run',
  'run.state.finished': 'finished',
  'run.state.running': 'training',
  'run.state.paused': 'paused',
  'run.state.failed': 'failed',
  'run.state.ended': 'ended unexpectedly',
  'run.step': 'step {step} of {steps}',
  'run.left': '{time} left',
  'run.ends': 'ends at {clock}',
} as const satisfies Words;
