/** @file Other tabs and workers of this page's origin: started, answered, and looked for by the lock that each holds while it lives. */
import { processId } from './machine.ts';
import { listens, lockOf, WorkerProcess } from './processes/worker-process.ts';

export { EventEmitter, once } from './processes/event-emitter.ts';
export type ChildProcess = WorkerProcess;

/** The lock of this worker, once it is held: it is free when the worker ends, in whatever way. */
export const ownLock = new Promise<string>((resolve, reject) => {
  navigator.locks
    .request(lockOf(processId), () => {
      resolve(lockOf(processId));
      return new Promise<never>(() => {});
    })
    .catch(reject);
});

/** Who was there when we last looked; undefined until then. */
let living: ReadonlySet<string> | undefined;

async function look(): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  living = new Set(held.flatMap(({ name }) => name ?? []));
}
void look();

/** Whether a worker of this origin has an id, as far as is known: one that has just gone is found out the next time. */
export function hasProcess(pid: number): boolean {
  void look();
  return pid === processId || (living?.has(lockOf(pid)) ?? true);
}

/** No id is given twice, so that there is nothing to tell apart. */
export function startOfProcess(_pid: number): number {
  return 1;
}

export function processNamespace(): string {
  return location.origin;
}

/** Stands for a program by its name, wherever the bundler put it. */
export function programBeside(_module: string, name: string): URL {
  return new URL(`program:${name}`);
}

/** Not the files that a person gave to this worker. */
export const programsReadOurFiles = false;

export function nodeArguments(): readonly string[] {
  return [];
}

/** @throws SystemError NO_PROCESSES */
export function fork(program: URL, _options?: unknown): ChildProcess {
  return new WorkerProcess(program.pathname);
}

/** Hears the requests of the worker that started this one, which ends it. */
export function answerStarter<Request, Reply>(
  hear: (request: Request, say: (reply: Reply) => void) => void,
): void {
  const say = (reply: Reply): void => postMessage(reply);
  addEventListener('message', ({ data }: MessageEvent<Request>) => hear(data, say));
  // Who started it takes a free lock for its end.
  void ownLock.then(() => postMessage(listens));
}

const stopChannel = 'krona-stop';

/** Asks a worker to end, in order. */
export function stopProcess(pid: number): void {
  const channel = new BroadcastChannel(stopChannel);
  channel.postMessage({ pid });
  channel.close();
}

/** Aborted when somebody asks this worker to end. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const channel = new BroadcastChannel(stopChannel);
  channel.onmessage = ({ data }) => {
    if (data.pid === processId) stopping.abort(new Error('stopped'));
  };
  return stopping.signal;
}

/** Every worker has the same right. */
export function yieldToOthers(): void {}
