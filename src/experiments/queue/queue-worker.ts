/** @file Takes tasks from a queue and has them carried out, one after the other, until it is told to stop. */
import type { Job } from 'bullmq';
import { ConfigError, KronaError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import type { Task, TaskProgress, TaskRunner } from '../sweep/work/worker-protocol.ts';
import { reasonOf } from './connection-failure.ts';
import { latestOnly } from './latest-only.ts';
import { openQueueServer, type QueueServer, type WorkerListeners } from './queue-server.ts';
import { readTask, requireTask, type WorkerReport } from './queued-task.ts';
import { aborted, within } from './time-limit.ts';

/** What is told of a task. */
interface About {
  readonly worker: string;
  readonly task: string;
  /** What people call it. */
  readonly title: string;
}

/** What a worker reports; `task` is the task's key. */
export type QueueWorkerEvent =
  | { readonly type: 'note'; readonly message: string }
  | ({ readonly type: 'begun' } & About)
  | ({ readonly type: 'progress'; readonly progress: TaskProgress } & About)
  | ({ readonly type: 'done' } & About)
  | ({ readonly type: 'failed'; readonly message: string } & About)
  /** It was stopped; another worker takes the task over. */
  | ({ readonly type: 'handed-back' } & About);

export interface QueueWorkerOptions {
  /** redis://, rediss://, postgres:// or postgresql:// */
  readonly url: string;
  /** Tells it from other workers: letters, digits, dots, hyphens and underscores. */
  readonly name: string;
  /** Carries out a task. This process must stay free meanwhile, because it gives the signs of life. */
  readonly run: TaskRunner['run'];
  /** Aborted: the worker stops, and puts what it is doing back into the queue. */
  readonly signal: AbortSignal;
  readonly listener: Listener<QueueWorkerEvent>;
  /** How long a task is still this worker's after its last sign of life. @default 15000 */
  readonly lockMilliseconds?: number;
}

/** Milliseconds that putting a task back may take; after that it is taken over as that of a killed worker. */
const handBackMilliseconds = 2000;

/** Short enough for PostgreSQL's names of connections, 63 bytes, by which workers are counted. */
const workerName = /^[A-Za-z0-9._-]{1,48}$/;

/**
 * Works until the signal is aborted.
 *
 * A task that throws has failed and is not tried again, because it computes the same every time; only one whose process
 * ended (WORKER_ENDED) is, once. A task whose worker gives no sign of life is taken over by another one.
 *
 * @throws ConfigError WORKER_NAME, QUEUE_URL
 * @throws SystemError QUEUE_UNREACHABLE, PACKAGE_MISSING
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<void> {
  const { url, name, signal, listener, lockMilliseconds = 15_000 } = options;
  if (!workerName.test(name)) {
    throw new ConfigError(
      'WORKER_NAME',
      `worker: the name ${JSON.stringify(name)} is not usable; take 1 to 48 letters, digits, dots, hyphens and underscores`,
    );
  }
  const error = troubleTo(listener);
  const server = await openQueueServer(url, error);
  try {
    const desk = createDesk(server, options);
    const listeners = { ...desk.listeners, error };
    const worker = server.createWorker(desk.process, { name, lockMilliseconds }, listeners);
    await worker.waitUntilReady();
    if (!signal.aborted) {
      // Before any task hears of the signal, or the first that is handed back would be taken at once again.
      signal.addEventListener('abort', worker.pause, { once: true });
      worker.run().catch(error);
      listener({ type: 'note', message: `${name}: takes tasks from ${server.shown}` });
      await aborted(signal);
      await desk.idle();
    }
    await worker.close();
  } finally {
    await server.close();
  }
}

/** Says trouble with the connection once, until it is another one. */
function troubleTo(listener: Listener<QueueWorkerEvent>): (error: unknown) => void {
  let last: string | undefined;
  return (error) => {
    const message = `queue: ${reasonOf(error)}; trying again until the server is there`;
    if (message !== last) listener({ type: 'note', message });
    last = message;
  };
}

/** What is being done. */
interface Desk {
  readonly process: (job: Job<unknown, unknown>, token?: string) => Promise<WorkerReport>;
  readonly listeners: Omit<WorkerListeners, 'error'>;
  /** Settles when nothing is being done any more. */
  idle(): Promise<unknown>;
}

function createDesk(server: QueueServer, options: QueueWorkerOptions): Desk {
  const { name, listener } = options;
  const running = new Map<string, { readonly over: Promise<unknown>; readonly lose: () => void }>();
  const about = ({ id = '', data }: Job<unknown>) => aboutTask(name, readTask(data), id);
  return {
    process(job, token = '') {
      const lost = new AbortController();
      const over = work(server, options, { job, token, lost: lost.signal });
      const id = job.id ?? '';
      running.set(id, { over, lose: () => lost.abort() });
      return over.finally(() => running.delete(id));
    },
    listeners: {
      completed: (job) => listener({ type: 'done', ...about(job) }),
      failed(job, error) {
        const message = reasonOf(error);
        if (job.finishedOn !== undefined) listener({ type: 'failed', ...about(job), message });
        else listener({ type: 'note', message: `${message}; it is tried once more` });
      },
      lost: (ids) => {
        for (const id of ids) running.get(id)?.lose();
      },
    },
    idle: () => Promise.allSettled([...running.values()].map(({ over }) => over)),
  };
}

/** What a task is called; one that is none of ours, by its name in the queue. */
function aboutTask(worker: string, task: Task | undefined, job: string): About {
  return { worker, task: task?.key ?? job, title: task?.title ?? job };
}

interface Work {
  readonly job: Job<unknown, unknown>;
  readonly token: string;
  /** Aborted: another worker has it. */
  readonly lost: AbortSignal;
}

/** Carries out one task. */
async function work(
  server: QueueServer,
  options: QueueWorkerOptions,
  { job, token, lost }: Work,
): Promise<WorkerReport> {
  const { name, signal, listener } = options;
  const about = aboutTask(name, readTask(job.data), job.id ?? '');
  try {
    // A job that was on its way when the worker was told to stop.
    signal.throwIfAborted();
    await workOn(job, about, { ...options, signal: AbortSignal.any([signal, lost]) });
    return { worker: name };
  } catch (error) {
    if (lost.aborted) {
      const message = `${about.title}: another worker has taken it over, because this one gave no sign of life for too long`;
      listener({ type: 'note', message });
      throw server.putBack();
    }
    if (signal.aborted) {
      const handedBack = job.moveToWait(token).catch(() => {});
      await within(handBackMilliseconds, handedBack, () => {});
      listener({ type: 'handed-back', ...about });
      throw server.putBack();
    }
    if (error instanceof KronaError && error.code === 'WORKER_ENDED') throw error;
    throw server.final(reasonOf(error));
  }
}

async function workOn(
  job: Job<unknown, unknown>,
  about: About,
  { name, run, signal, listener }: QueueWorkerOptions,
): Promise<void> {
  const task = requireTask(job.data);
  const reports = latestOnly((report: WorkerReport) => job.updateProgress(report));
  listener({ type: 'begun', ...about });
  reports.send({ worker: name });
  const onProgress = (progress: TaskProgress) => {
    listener({ type: 'progress', ...about, progress });
    reports.send({ worker: name, progress });
  };
  try {
    await run(task, { signal, onProgress });
  } finally {
    reports.stop();
  }
}
