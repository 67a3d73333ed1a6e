/** @file Tasks in a process of their own: this one stays free to answer, and outlives what a task may do to memory. */
import { RunError } from '../../../base/errors.ts';
import { processEnvironment } from '../../../platform/machine.ts';
import { askProcess } from '../../../platform/processes/ask-process.ts';
import { type ChildProcess, fork, nodeArguments, once } from '../../../platform/processes.ts';
import type {
  Task,
  TaskProcessOptions,
  TaskReply,
  TaskRequest,
  TaskRunHost,
  TaskRunner,
} from './worker-protocol.ts';

/** What a task ended with in its process. */
export class TaskFailure extends RunError {}

/** Runs tasks in a child process, which is started with the first one, and anew where it ended by itself. */
export class TaskProcess implements TaskRunner {
  readonly #entry: URL;
  readonly #options: TaskProcessOptions;
  #child: ChildProcess | undefined;

  /** @param entry the program that answers */
  constructor(entry: URL, options: TaskProcessOptions) {
    this.#entry = entry;
    this.#options = options;
  }

  /**
   * Carries out a task.
   *
   * @throws TaskFailure with the error's own code and message
   * @throws RunError WORKER_ENDED where the process ended by itself or was killed; the signal's reason where it is aborted
   */
  async run(task: Task, { onProgress, signal }: TaskRunHost): Promise<void> {
    signal.throwIfAborted();
    const child = this.#started();
    const stop = () => send(child, { type: 'stop' });
    signal.addEventListener('abort', stop);
    try {
      await askProcess<TaskReply, void>(child, { type: 'run', task } satisfies TaskRequest, {
        hear: (reply) => {
          if (reply.type === 'progress') return void onProgress(reply.progress);
          if (reply.type === 'done') return { answer: undefined };
          if (reply.type === 'stopped') throw signal.reason;
          throw new TaskFailure(reply.code, reply.message);
        },
        ended: (code, by) => workerEnded(task, code, by),
        onEnd: () => {
          if (this.#child === child) this.#child = undefined;
        },
      });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #started(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    const { threads } = this.#options;
    const own = threads === undefined ? {} : { KRONA_THREADS: String(threads) };
    const child = fork(this.#entry, {
      // It needs nothing that this process may have been started with.
      execArgv: [...nodeArguments(this.#entry)],
      env: { ...processEnvironment, ...own },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    send(child, { type: 'open', options: this.#options });
    this.#child = child;
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    // It ends when nobody can give it tasks any more.
    child.disconnect();
    await exited;
  }
}

function send(child: ChildProcess, request: TaskRequest): void {
  if (child.connected) child.send(request);
}

function workerEnded(task: Task, code: number | null, by: string | null): RunError {
  const how = by === null ? `with exit code ${code}` : `by ${by}`;
  const advice =
    by === 'SIGKILL' ? '; the system may have run out of memory: use fewer workers' : '';
  return new RunError(
    'WORKER_ENDED',
    `${task.title}: the process that worked on it ended ${how}${advice}`,
  );
}
