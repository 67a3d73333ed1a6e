/** @file An engine whose workers are anywhere: it puts tasks into a queue and tells what becomes of them. */
import type { EngineHost, Task, TaskEngine } from '../sweep/work/worker-protocol.ts';
import { reasonOf } from './connection-failure.ts';
import { openQueueServer, type QueueListeners, type QueueServer } from './queue-server.ts';
import { jobNameOf, jobOf, reportOf } from './queued-task.ts';
import { createTaskLedger, type TaskLedger } from './task-ledger.ts';
import { aborted, pause, within } from './time-limit.ts';

export interface QueueEngineOptions {
  /** redis://, rediss://, postgres:// or postgresql:// */
  readonly url: string;
  /** Name of the sweep, as tools that show queues show it. */
  readonly sweep: string;
  /** Name of the store as a worker is given it, to say how one is started. @default 'STORE' */
  readonly store?: string;
  /** Milliseconds between two looks at the queue: what no event told is found then. @default 5000 */
  readonly lookEvery?: number;
}

/** Seconds that the queue remembers what is over, for a sweep whose connection was broken. */
const remembered = { age: 24 * 60 * 60 };
/** A task that took its process down is tried once more: the system may have been short of memory. */
const attempts = 2;
/** Milliseconds that taking tasks back may take when the sweep is stopped. */
const withdrawMilliseconds = 2000;

/**
 * Carries out tasks through a queue.
 *
 * A task that is in the queue already is waited for, not added; one that is over there is added again, because its
 * results are missing. Where the signal is aborted, tasks that no worker has taken are removed from the queue; those
 * that are being done are finished by their workers.
 */
export function queueEngine(options: QueueEngineOptions): TaskEngine {
  return {
    async run(tasks, host) {
      const ledger = createTaskLedger(tasks, host.report);
      if (ledger.finished.aborted || host.signal.aborted) return;
      const note = differentNotes(host);
      const trouble = (error: unknown) =>
        note(`queue: ${reasonOf(error)}; trying again until the server is there`);
      await using server = disposable(await openQueueServer(options.url, trouble));
      await using events = disposable(server.listen(listenersOf(server, ledger, trouble)));
      const work = async () => {
        await events.waitUntilReady();
        await addTasks(server, tasks, { sweep: options.sweep, again: true });
        await follow(server, ledger, { ...options, host, note, trouble });
      };
      const working = work();
      // A server that is away keeps what it was asked for waiting; stopping does not wait for it.
      await Promise.race([working, aborted(host.signal)]);
      if (host.signal.aborted) {
        const withdrawn = working.then(() => withdraw(server, ledger));
        await within(withdrawMilliseconds, withdrawn, () => {}).catch(trouble);
      }
    },
  };
}

function disposable<Part extends { close(): Promise<void> }>(part: Part): Part & AsyncDisposable {
  return { ...part, [Symbol.asyncDispose]: () => part.close() };
}

/** Says a thing once, until another one is said. */
function differentNotes({ report }: EngineHost): (message: string) => void {
  let last: string | undefined;
  return (message) => {
    if (message !== last) report({ type: 'note', message });
    last = message;
  };
}

function listenersOf(
  server: QueueServer,
  ledger: TaskLedger,
  error: (error: unknown) => void,
): QueueListeners {
  return {
    progress: (job: string, value: unknown) => {
      const report = reportOf(value);
      if (report !== undefined) ledger.reported(job, report);
    },
    completed: (job: string, returned: unknown) => ledger.done(job, reportOf(returned)?.worker),
    // The event does not say who failed.
    failed: (job: string) => void lookAt(server, ledger, job).catch(error),
    error,
  };
}

/** BullMQ's own words for a task whose workers were lost too often, in ours. */
function failureOf(reason: string): string {
  return reason === 'job stalled more than allowable limit'
    ? 'its workers were lost one after the other in the middle of it; they were killed, or the task needs more memory than they have'
    : reason;
}

interface Adding {
  readonly sweep: string;
  /** Whether what is over is added again. */
  readonly again: boolean;
}

/** Adds what is not in the queue. */
async function addTasks(
  { queue }: QueueServer,
  tasks: readonly Task[],
  { sweep, again }: Adding,
): Promise<void> {
  const jobs = await Promise.all(
    tasks.map(async (task) => {
      const jobId = jobNameOf(task);
      const state = await queue.getJobState(jobId);
      if (again && (state === 'completed' || state === 'failed')) await queue.remove(jobId);
      const opts = { jobId, attempts, removeOnComplete: remembered, removeOnFail: remembered };
      return { name: sweep, data: jobOf(task), opts };
    }),
  );
  // One that is there is left as it is.
  await queue.addBulk(jobs);
}

interface Following extends QueueEngineOptions {
  readonly host: EngineHost;
  readonly note: (message: string) => void;
  readonly trouble: (error: unknown) => void;
}

/** Waits until every task is over or the signal is aborted. */
async function follow(
  server: QueueServer,
  ledger: TaskLedger,
  { host, note, trouble, sweep, store = 'STORE', lookEvery = 5000 }: Following,
): Promise<void> {
  const over = AbortSignal.any([host.signal, ledger.finished]);
  let workers: number | undefined;
  while (!over.aborted) {
    try {
      const found = await server.queue.getWorkersCount();
      if (found === 0 && workers !== 0) {
        note(
          `no worker is connected to ${server.shown}; start one, here or on another machine, with this address and the store ${store}`,
        );
      }
      workers = found;
      await look(server, ledger, sweep);
    } catch (error) {
      trouble(error);
    }
    await pause(lookEvery, over);
  }
}

/** Finds out about all open tasks what events may not have told. */
async function look(server: QueueServer, ledger: TaskLedger, sweep: string): Promise<void> {
  const open = [...ledger.open];
  const states = await Promise.all(open.map(([job]) => lookAt(server, ledger, job)));
  const lost = open.filter((_, i) => states[i] === 'unknown').map(([, task]) => task);
  // A server without a disk has been started again, or another sweep with the same tasks was stopped.
  await addTasks(server, lost, { sweep, again: false });
}

/** Tells what has become of a job, and returns its state. */
async function lookAt(
  { queue }: QueueServer,
  ledger: TaskLedger,
  name: string,
): Promise<string | undefined> {
  const state = await queue.getJobState(name);
  if (state !== 'completed' && state !== 'failed' && state !== 'active') return state;
  const job = await queue.getJob(name);
  if (job === undefined) return state;
  const worker = job.processedBy;
  if (state === 'completed') ledger.done(name, worker);
  else if (state === 'failed') ledger.failed(name, worker, failureOf(job.failedReason));
  else if (worker !== undefined) ledger.reported(name, { worker });
  return state;
}

/** Takes tasks back that no worker has begun; a worker's own is locked, and stays. */
async function withdraw({ queue }: QueueServer, ledger: TaskLedger): Promise<void> {
  const waiting = new Set(['waiting', 'delayed', 'prioritized']);
  await Promise.all(
    [...ledger.open.keys()].map(async (name) => {
      if (waiting.has(await queue.getJobState(name))) await queue.remove(name);
    }),
  );
}
