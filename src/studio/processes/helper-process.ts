/** @file A process that computes for Studio, so that its server always answers: started when asked, ended when idle. */
import { RunError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { Turns } from '../../base/turns.ts';
import { askProcess } from '../../platform/processes/ask-process.ts';
import { type ChildProcess, fork, nodeArguments, once } from '../../platform/processes.ts';
import { later } from '../../platform/waiting.ts';
import type { Failure } from '../interface/operation-shapes.ts';
import type { HelperReply, HelperRequest } from './helper-protocol.ts';

export interface HelperOptions {
  /** The program, a module that calls `answerQuestions`. */
  readonly program: URL;
  /** Milliseconds without a question after which it ends, and its memory is free. */
  readonly idle: number;
  /** Whether it may be ended in the middle of an answer, since nothing is lost by it. @default false */
  readonly writesNothing?: boolean;
  /** Milliseconds after which it is ended where it does not stop when it is told to. @default 20,000 */
  readonly patience?: number;
}

/** Milliseconds within which a program that is told to stop does so, between two of its steps. */
const usualPatience = 20_000;

interface Asking<Event extends { readonly type: string }> {
  readonly listener?: Listener<Event>;
  readonly signal?: AbortSignal;
}

/** Answers one question after the other; each waits for those before it. */
export class HelperProcess<Question, Event extends { readonly type: string }, Answer>
  implements AsyncDisposable
{
  readonly #options: HelperOptions;
  #child: ChildProcess | undefined;
  #cancelEnd: () => void = () => {};
  readonly #turns = new Turns(1);

  constructor(options: HelperOptions) {
    this.#options = options;
  }

  /**
   * Asks a question.
   *
   * @throws RunError with the helper's code, or HELPER_ENDED where its process ends; the signal's reason where it aborts
   */
  async ask(question: Question, asking: Asking<Event> = {}): Promise<Answer> {
    return await this.#turns.take(() => this.#asked(question, asking));
  }

  /** Ends the process once it is idle; the next question starts another. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#cancelEnd();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    // It ends when nobody can ask it any more, and has time to hear of it.
    if (this.#options.writesNothing) child.kill('SIGKILL');
    else if (child.connected) child.disconnect();
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  async #asked(question: Question, { listener, signal }: Asking<Event>): Promise<Answer> {
    signal?.throwIfAborted();
    this.#cancelEnd();
    const child = this.#started();
    const { patience = usualPatience } = this.#options;
    let heard = () => {};
    const stop = () => {
      send(child, { type: 'stop' });
      heard = later(patience, () => child.kill('SIGKILL'));
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const asked: HelperRequest = { type: 'ask', question };
      return await askProcess<HelperReply, Answer>(child, asked, {
        hear: (reply) => {
          if (reply.type === 'event') return void listener?.(reply.event as Event);
          if (reply.type === 'answer') return { answer: reply.answer as Answer };
          if (reply.type === 'stopped') throw signal?.reason;
          throw errorOf(reply.failure);
        },
        ended: (code, by) => (signal?.aborted ? signal.reason : helperEnded(code, by)),
        onEnd: () => {
          if (this.#child === child) this.#child = undefined;
        },
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      heard();
      this.#cancelEnd = later(this.#options.idle, () => void this.end());
    }
  }

  #started(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    const { program } = this.#options;
    this.#child = fork(program, {
      execArgv: [...nodeArguments(program)],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Pictures come back as bytes.
      serialization: 'advanced',
    });
    return this.#child;
  }
}

function send(child: ChildProcess, request: HelperRequest): void {
  if (child.connected) child.send(request);
}

function errorOf({ code, message, details = {} }: Failure): RunError {
  return new RunError(code, message, { details });
}

function helperEnded(code: number | null, by: string | null): RunError {
  const how = by === null ? `with exit code ${code}` : `by ${by}`;
  const advice = by === 'SIGKILL' ? '; the system may have run out of memory' : '';
  return new RunError(
    'HELPER_ENDED',
    `the process that computed it ended ${how}${advice}; ask again`,
  );
}
