/** @file What a command needs of its surroundings: two streams, a clock, Ctrl-C and the program of its workers. */
import { SystemError } from '../../base/errors.ts';
import { systemCodeOf } from '../../storage/file-errors.ts';
import { printable } from './printable.ts';

/** The surroundings of one run of the command. */
export interface Terminal {
  /** What was done, for a pipe. Nobody there to read it is no reason to stop doing it. */
  readonly out: (text: string) => void;
  /**
   * What was asked for itself, such as a finding: all that the command is for.
   *
   * @throws SystemError OUTPUT_FAILED where it cannot be written; a reader that has seen enough, such as `head`, is none
   */
  readonly answer: (text: string) => Promise<void>;
  /** Progress and errors: what a person should see. */
  readonly err: (text: string) => void;
  /** Whether `err` is a screen, so that a line can be written over. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Whether errors come with their stack. */
  readonly debug: boolean;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
  /**
   * Calls back at the first request to stop (Ctrl-C, SIGTERM, a terminal that hangs up) and at every Ctrl-C or SIGTERM
   * after one of these, until the returned function is called.
   */
  readonly onInterrupt: (callback: () => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** The program that does the tasks of sweeps in a process of its own. @default that of the package */
  readonly taskProgram?: URL | undefined;
}

/** The terminal that the process runs in. */
export function processTerminal(): Terminal {
  const err = lastingStream(process.stderr);
  const written = lastingStream(process.stdout);
  const out: Write = (text, done) => written(printable(text), done);
  let isNoted = false;
  const note = (code: string | undefined) => {
    if (code === undefined || code === readerGone || isNoted) return;
    isNoted = true;
    err(`standard output: ${code}; going on without it\n`);
  };
  return {
    out: (text) => out(text, note),
    answer: (text) =>
      new Promise((resolve, reject) => {
        out(text, (code) => {
          if (code === undefined || code === readerGone) resolve();
          else reject(outputFailed(code));
        });
      }),
    err: (text) => err(text),
    interactive: process.stderr.isTTY ?? false,
    columns: process.stderr.columns ?? process.stdout.columns ?? 100,
    debug: process.env.KRONA_DEBUG === '1',
    now: () => Date.now(),
    onInterrupt: listenForStops,
    exit: (code) => process.exit(code),
  };
}

/** What the system says of a pipe that nobody reads any more. */
const readerGone = 'EPIPE';

/** Writes; `written` is told the system's code where it failed. */
type Write = (text: string, written?: (code: string | undefined) => void) => void;

/**
 * A stream that may go away (its reader closed, the disk behind it full, its terminal gone) without taking the process
 * with it: from then on nothing is written to it.
 */
function lastingStream(stream: NodeJS.WriteStream): Write {
  let lost: string | undefined;
  // Without a listener, a failed write ends the process.
  stream.on('error', (error) => {
    lost ??= systemCodeOf(error);
  });
  return (text, written) => {
    if (lost !== undefined) {
      written?.(lost);
      return;
    }
    stream.write(text, (error) => written?.(error ? systemCodeOf(error) : undefined));
  };
}

function outputFailed(code: string): SystemError {
  const advice = code === 'ENOSPC' ? 'the disk behind it is full; free some space' : code;
  return new SystemError('OUTPUT_FAILED', `standard output cannot be written: ${advice}`);
}

/** Systems send hang-ups beside other signals and several of them, so that only the others ask again. */
function listenForStops(callback: () => void): () => void {
  let isAsked = false;
  let isUrged = false;
  const onHangUp = () => {
    if (!isAsked) callback();
    isAsked = true;
  };
  const onSignal = () => {
    if (!isAsked || isUrged) callback();
    isAsked = true;
    isUrged = true;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onHangUp);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('SIGHUP', onHangUp);
  };
}
