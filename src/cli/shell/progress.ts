/** @file Progress for people: one line that is written over on a screen, a line every few seconds in a log. */
import { printable, readable } from './printable.ts';
import type { Terminal } from './terminal.ts';

export interface Progress {
  /** What is going on right now; may come many times a second. */
  status(text: string): void;
  /** A line that stays. */
  note(text: string): void;
  /** Removes the status line. */
  end(): void;
}

/** Milliseconds between status lines. */
const everyOnScreen = 100;
const everyInLog = 5000;

/** Progress on the terminal's error stream, so that results can be piped. */
export function createProgress(
  terminal: Terminal,
  { quiet }: { readonly quiet: boolean },
): Progress {
  if (quiet) return { status: () => {}, note: () => {}, end: () => {} };
  return terminal.interactive ? screenProgress(terminal) : logProgress(terminal);
}

function screenProgress({ err, columns, now }: Terminal): Progress {
  // Back to the start of the line and erase it (ECMA-48, EL).
  const erase = '\r\u001b[K';
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  const end = () => {
    if (isShown) err(erase);
    isShown = false;
  };
  return {
    status(text) {
      if (now() - shownAt < everyOnScreen) return;
      shownAt = now();
      isShown = true;
      err(erase + printable(text).slice(0, columns - 1));
    },
    note(text) {
      end();
      err(`${readable(text)}\n`);
    },
    end,
  };
}

function logProgress({ err, now }: Terminal): Progress {
  let shownAt = now();
  return {
    status(text) {
      if (now() - shownAt < everyInLog) return;
      shownAt = now();
      err(`${readable(text)}\n`);
    },
    note: (text) => err(`${readable(text)}\n`),
    end: () => {},
  };
}
