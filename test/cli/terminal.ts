/** @file Runs the real command in this process and keeps what it writes. */
import { run } from '../../src/cli/main.ts';

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
    out: write,
    answer: async (text) => write(text),
    err: (text) => {
      err += text;
    },
    interactive: false,
    columns: 100,
    debug: false,
    now,
    onInterrupt: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    exit: () => {},
  });
  return { code, out, err };
}

/** The JSON values of JSON lines. */
export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
