/** @file Runs the real command in this process and keeps what it writes. */
import { pathToFileURL } from 'node:url';
import { run } from '../../src/cli/main.ts';
import { reportFailure } from '../../src/cli/shell/failure.ts';
import type { Terminal } from '../../src/cli/shell/terminal.ts';
import { compiledPath } from '../programs/compiled.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Interaction {
  /** Called with every piece of output and the way to press Ctrl-C. */
  readonly onOutput?: (text: string, interrupt: () => void) => void;
  /** Milliseconds. @default a clock that stands still */
  readonly now?: () => number;
}

/** A terminal that shows nothing; its clock stands still, so that no rate or duration enters the output. */
const silent: Terminal = {
  out: () => {},
  answer: async () => {},
  err: () => {},
  interactive: false,
  columns: 100,
  debug: false,
  now: () => 0,
  onInterrupt: () => () => {},
  exit: () => {},
  taskProgram: pathToFileURL(compiledPath('src/experiments/sweep/work/task-program.ts')),
};

/** What `krona ...argv` does; without a clock of its own, no rate or duration enters the output. */
export async function krona(
  argv: readonly string[],
  { onOutput, now = () => 0 }: Interaction = {},
): Promise<Outcome> {
  let out = '';
  let err = '';
  const callbacks = new Set<() => void>();
  const interrupt = () => {
    for (const callback of callbacks) callback();
  };
  const write = (text: string) => {
    out += text;
    onOutput?.(text, interrupt);
  };
  const code = await run(argv, {
    ...silent,
    out: write,
    answer: async (text) => write(text),
    err: (text) => {
      err += text;
    },
    now,
    onInterrupt: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  });
  return { code, out, err };
}

/** What the command says of an error of the library, and its exit code. */
export function failureOutcome(error: unknown): Outcome {
  let err = '';
  const terminal: Terminal = {
    ...silent,
    err: (text) => {
      err += text;
    },
  };
  const code = reportFailure(error, terminal, {
    json: false,
    help: 'krona --help',
    settings: new Set(),
  });
  return { code, out: '', err };
}

/** The JSON values of JSON lines. */
export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
