/** @file Long work of the command: its events shown or as JSON lines, its downloads shown, Ctrl-C heard. */
import type { Listener } from '../../base/listener.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import type { OutputFlags } from '../flags/settings.ts';
import { hubHost } from './hub-progress.ts';
import { interruptible } from './interruption.ts';
import { createProgress, type Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Every event says its kind. */
interface Typed {
  readonly type: string;
}

/** What training, generating and evaluating need of their surroundings. */
export interface WorkHost<Event extends Typed> {
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly hub: HubHost;
  readonly listener: Listener<Event>;
}

export interface Showing<Event extends Typed> {
  /** What the first Ctrl-C says. */
  readonly stopping: string;
  readonly show: (progress: Progress) => Listener<Event>;
}

/** Runs work and shows it while it goes on. */
export async function shownWork<Event extends Typed, Result>(
  terminal: Terminal,
  flags: Pick<OutputFlags, 'quiet' | 'json' | 'offline'>,
  { stopping, show }: Showing<Event>,
  work: (host: WorkHost<Event>) => Promise<Result>,
): Promise<Result> {
  const { quiet, json } = flags;
  const progress = createProgress(terminal, { quiet: Boolean(quiet || json) });
  const onScreen = show(progress);
  return await interruptible(terminal, stopping, (signal) =>
    work({
      signal,
      now: terminal.now,
      hub: hubHost(terminal, { progress, signal, flags }),
      listener: (event) => {
        if (json) terminal.out(`${JSON.stringify(event)}\n`);
        onScreen(event);
      },
    }),
  ).finally(() => progress.end());
}
