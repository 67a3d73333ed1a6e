/** @file German words of the screen of one run, and of the states of runs everywhere. */
import type { run as english } from '../en/run.ts';
import type { Translation } from '../word-types.ts';

export const run: Translation<typeof english> = {
  'run.title': 'Lauf',
  'run.state.finished': 'fertig',
  'run.state.running': 'lernt',
  'run.state.paused': 'angehalten',
  'run.state.failed': 'fehlgeschlagen',
  'run.state.ended': 'unerwartet beendet',
  'run.step': 'Schritt {step} von {steps}',
  'run.left': 'noch {time}',
  'run.ends': 'fertig um {clock}',
};
