/** @file Constants of several sites at once, each in a process of its own with one thread. */
/*
 * Half of a decomposition is work that no second thread shares (reflections, secular equations), so that sites side by
 * side keep all processors busy where the products of one site would not.
 */
import { RunError } from '../../base/errors.ts';
import { processEnvironment } from '../../platform/machine.ts';
import { askProcess } from '../../platform/processes/ask-process.ts';
import {
  type ChildProcess,
  fork,
  nodeArguments,
  once,
  programBeside,
} from '../../platform/processes.ts';
import type { ConstantsTask, ConstantsWorker } from './compute-constants.ts';

/** What a process says once it has done, or not, what it was asked. */
export type ConstantsReply =
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

const program = programBeside(import.meta.url, 'constants-program');

/** Starts a process for every task that finds none idle; how many there are is for whoever asks to limit. */
export class ConstantsProcesses implements ConstantsWorker {
  readonly #all: ChildProcess[] = [];
  readonly #idle: ChildProcess[] = [];

  /** @throws RunError with the code of what failed there, or WORKER_ENDED where the process ended */
  async compute(task: ConstantsTask, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const child = this.#free();
    const end = () => void child.kill('SIGKILL');
    // Nothing is lost by ending it in the middle: files appear whole or not at all.
    signal?.addEventListener('abort', end, { once: true });
    try {
      await askProcess<ConstantsReply, void>(child, task, {
        hear: (reply) => {
          if (reply.type === 'failed') throw new RunError(reply.code, reply.message);
          return { answer: undefined };
        },
        ended: (code, by) => (signal?.aborted ? signal.reason : ended(task, code, by)),
      });
    } finally {
      signal?.removeEventListener('abort', end);
    }
    this.#idle.push(child);
  }

  /** One that waits, or a new one; what ended while it waited is left. */
  #free(): ChildProcess {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
      if (child.connected) return child;
    }
    return this.#started();
  }

  #started(): ChildProcess {
    const child = fork(program, {
      execArgv: [...nodeArguments(program)],
      env: { ...processEnvironment, KRONA_THREADS: '1' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A weight goes there as its bytes.
      serialization: 'advanced',
    });
    this.#all.push(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(end));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // It ends when nobody can ask it any more.
  if (child.connected) child.disconnect();
  await exited;
}

function ended({ site }: ConstantsTask, code: number | null, by: string | null): RunError {
  const how = by === null ? `with exit code ${code}` : `by ${by}`;
  const advice =
    by === 'SIGKILL'
      ? '; the system may have run out of memory: set KRONA_THREADS=1, so that one weight is decomposed at a time'
      : '';
  return new RunError(
    'WORKER_ENDED',
    `${site.name}: the process that decomposed its weight ended ${how}${advice}. What is done is kept; start again`,
  );
}
