/** @file What a command needs of its surroundings: two streams, a clock and Ctrl-C. */

/** The surroundings of one run of the command. */
export interface Terminal {
  /** Results: what a pipe should get. */
  readonly out: (text: string) => void;
  /** Progress and errors: what a person should see. */
  readonly err: (text: string) => void;
  /** Whether `err` is a screen, so that a line can be written over. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Whether errors come with their stack. */
  readonly debug: boolean;
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back at every Ctrl-C or request to terminate, until the returned function is called. */
  readonly onInterrupt: (callback: () => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** The terminal that the process runs in. */
export function processTerminal(): Terminal {
  // A reader that has seen enough, such as `head`, closes the pipe: no reason to complain.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    interactive: process.stderr.isTTY ?? false,
    columns: process.stderr.columns ?? process.stdout.columns ?? 100,
    debug: process.env.KRONA_DEBUG === '1',
    now: () => Date.now(),
    onInterrupt: (callback) => {
      process.on('SIGINT', callback);
      process.on('SIGTERM', callback);
      return () => {
        process.off('SIGINT', callback);
        process.off('SIGTERM', callback);
      };
    },
    exit: (code) => process.exit(code),
  };
}
