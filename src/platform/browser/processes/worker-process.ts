/** @file A worker of this page as what Node calls a child process: started by the name of a program, and spoken to. */
import { SystemError } from '../../../base/errors.ts';
import { EventEmitter } from './event-emitter.ts';

/** What a program says once it hears what it is told. */
export const listens = 'krona listens';

/** The lock that a worker holds while it lives, from before it listens. */
export const lockOf = (pid: number): string => `krona-process-${pid}`;

/** Makes the worker of a program: it is called `name`, which the worker finds in `self.name`. */
export type StartProgram = (program: string, name: string) => Worker;

let start: StartProgram | undefined;

/** Says how the programs of this package are started, which only a bundler knows. */
export function startProgramsBy(starter: StartProgram): void {
  start = starter;
}

/** A process that lives no longer than the page. It tells `message` and `exit`, with a code or a signal. */
export class WorkerProcess extends EventEmitter {
  readonly pid: number;
  exitCode: number | null = null;
  signalCode: string | null = null;
  /** What it broke with, a line: nobody reads the standard error of a worker. */
  said = '';
  readonly #worker: Worker;
  /** Messages for a program that is still loaded, and would not hear them; undefined once it listens. */
  #waiting: unknown[] | undefined = [];

  constructor(program: string) {
    super();
    this.pid = newProcessId();
    this.#worker = started(program, nameOfProcess(program, this.pid));
    this.#worker.onmessage = ({ data }) => {
      if (data === listens) this.#hearsNow();
      else this.emit('message', data);
    };
    // The browser's console tells of it too.
    this.#worker.onerror = ({ message }) => {
      this.said = message ? `${message}\n` : 'its script cannot be loaded\n';
      this.#end(1, null);
    };
  }

  get connected(): boolean {
    return this.exitCode === null && this.signalCode === null;
  }

  send(message: unknown): void {
    if (this.#waiting === undefined) this.#worker.postMessage(message);
    else this.#waiting.push(message);
  }

  #hearsNow(): void {
    const messages = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of messages) this.#worker.postMessage(message);
    // One that closes itself, or that the browser ends, tells nobody.
    void this.#gone().then(() => this.#end(1, null));
  }

  /** Waits until its lock is free. */
  async #gone(): Promise<void> {
    await navigator.locks.request(lockOf(this.pid), () => {});
  }

  /** Nobody asks it any more, so that it has nothing to do. */
  disconnect(): void {
    this.#end(0, null);
  }

  kill(): void {
    this.#end(null, 'SIGKILL');
  }

  #end(code: number | null, signal: string | null): void {
    if (!this.connected) return;
    this.exitCode = code;
    this.signalCode = signal;
    this.#worker.terminate();
    // Only then is what it held free.
    void this.#gone().then(() => this.emit('exit', code, signal));
  }
}

function started(program: string, name: string): Worker {
  if (start !== undefined) return start(program, name);
  throw new SystemError(
    'NO_PROCESSES',
    `${program} cannot be started: this page has not said how; give \`startProgram\` to setUpBrowser(), or leave "workers" out, which computes in this worker`,
  );
}

const prefix = 'krona';

function nameOfProcess(program: string, pid: number): string {
  return `${prefix} ${program} ${pid}`;
}

/** Pages have one too, which says nothing. */
const ownName = (): string => String((globalThis as { readonly name?: unknown }).name ?? '');

/** The program that this worker was started for; undefined of a worker that somebody else started. */
export function ownProgram(): string | undefined {
  const [first, program] = ownName().split(' ');
  return first === prefix ? program : undefined;
}

/** The id that this worker was given, or takes. */
export function ownProcessId(): number {
  return ownProgram() === undefined ? newProcessId() : Number(ownName().split(' ')[2]);
}

/** A number that no other worker of this origin has, most likely. */
function newProcessId(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) >>> 1;
}
