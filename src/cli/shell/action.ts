/** @file What a command does when it is called: its work is shown, can be stopped, and ends in words or as JSON. */
import { type Command, Option } from 'commander';
import type { Listener } from '../../base/listener.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { exitCodes } from './failure.ts';
import { showDownload } from './hub-progress.ts';
import { interruptible } from './interruption.ts';
import { createProgress, type Progress } from './progress.ts';
import { settingsOf, withFlags } from './setting-words.ts';
import type { Terminal } from './terminal.ts';

/** How a command works. */
interface Manner {
  /** What --json gives: events as lines while the command works, or one value at its end. */
  readonly json: 'events' | 'result';
  /** What the first Ctrl-C says. @default 'stopping ...' */
  readonly stopping?: string;
  /** Flags that mean nothing to it. */
  readonly without?: readonly ('offline' | 'quiet')[];
}

/** What came of the work. */
export interface Outcome {
  /** For people; ends its last line. */
  readonly text: string;
  /** For programs. @default nothing: the events have said it */
  readonly value?: unknown;
}

/** Events that every listener shows alike. */
type SaidEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'warning'; readonly message: string };

/** Those of a kind of work that it shows by itself. */
export type ShownEvent<Event> = Exclude<Event, SaidEvent>;

/** What a command works with: everything that the library needs of its surroundings, and ways to speak. */
export interface Work {
  readonly signal: AbortSignal;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
  readonly hub: HubHost;
  /** As Terminal.taskProgram. */
  readonly taskProgram: URL | undefined;
  /** Ends the process. */
  readonly endNow: () => void;
  /** A listener that shows events, and gives them as JSON lines where these are wanted; notes and warnings need no `show`. */
  readonly shown: <Event extends { readonly type: string }>(
    show: (progress: Progress) => Listener<Event>,
  ) => Listener<Event | SaidEvent>;
  /** A line for people, while the work goes on. */
  readonly note: (line: string) => void;
  /** Says what was done; as Terminal.out(). */
  readonly out: (outcome: Outcome) => void;
  /** Says what was asked for itself; as Terminal.answer(). */
  readonly answer: (outcome: Outcome) => Promise<void>;
}

/** What addAction() adds. */
interface OutputFlags {
  readonly offline?: true;
  readonly quiet?: true;
  readonly json?: true;
}
export const outputKeys: readonly string[] = ['offline', 'quiet', 'json'];

/** Gives a command the flags that say how it speaks, --offline, --quiet and --json, and what it does. */
export function addAction<Words extends readonly unknown[]>(
  command: Command,
  terminal: Terminal,
  manner: Manner,
  act: (work: Work, ...words: Words) => Promise<void>,
): void {
  const help = {
    offline: 'take models of the hub from the cache only, as HF_HUB_OFFLINE=1',
    quiet: 'no progress',
    json: `${manner.json === 'events' ? 'events as JSON lines' : 'the result as JSON'} on standard output, for programs`,
  };
  const without: readonly string[] = manner.without ?? [];
  for (const [key, text] of Object.entries(help)) {
    if (without.includes(key)) continue;
    command.addOption(new Option(`--${key}`, text).helpGroup('Output:'));
  }
  command.action(async (...words) => {
    const { json, quiet, offline } = command.opts<OutputFlags>();
    const ofTerminal = createProgress(terminal, { quiet: Boolean(quiet || json) });
    const flags = settingsOf(command);
    const note = (line: string) => ofTerminal.note(withFlags(line, flags));
    const progress = { ...ofTerminal, note };
    const form = json ? manner.json : 'text';
    await interruptible(terminal, manner.stopping ?? 'stopping ...', async (signal) => {
      const { now, taskProgram } = terminal;
      const { shown, ...speech } = speechOf(terminal, progress, form);
      const hub = {
        ...{ signal, now, random: Math.random, listener: shown(showDownload) },
        offline: Boolean(offline),
      };
      const endNow = () => terminal.exit(exitCodes.interrupted);
      // Commander gives the words of the command line, as the command has declared them.
      await act(
        { signal, now, hub, taskProgram, endNow, shown, ...speech },
        ...(words as unknown as Words),
      );
    }).finally(() => progress.end());
  });
}

type Speech = Pick<Work, 'shown' | 'note' | 'out' | 'answer'>;

function speechOf(terminal: Terminal, progress: Progress, form: Manner['json'] | 'text'): Speech {
  const said = ({ text, value }: Outcome): readonly string[] => {
    progress.end();
    if (form === 'text') return [text];
    if (value === undefined) return [];
    return [`${JSON.stringify(value, undefined, form === 'result' ? 2 : 0)}\n`];
  };
  return {
    note: progress.note,
    out: (outcome) => {
      for (const text of said(outcome)) terminal.out(text);
    },
    answer: async (outcome) => {
      for (const text of said(outcome)) await terminal.answer(text);
    },
    shown: (show) => {
      const showOne = show(progress);
      return (event) => {
        if (form === 'events') terminal.out(`${JSON.stringify(event)}\n`);
        if (!isSaid(event)) showOne(event);
        else progress.note(`${event.type === 'warning' ? 'warning: ' : ''}${event.message}`);
      };
    },
  };
}

function isSaid(event: { readonly type: string }): event is SaidEvent {
  return event.type === 'note' || event.type === 'warning';
}
