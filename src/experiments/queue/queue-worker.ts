/** @file Takes tasks from a queue and has them carried out, one after the other, until it is told to stop. */
import type { Job } from 'bullmq';
import { ConfigError } from '../../base/errors.ts';
import type { Listener } from '../../base/events.ts';
import type { TaskProgress } from '../sweep/engine.ts';
import type { TaskRunner } from '../sweep/task-runner.ts';
import { reasonOf } from './connection-failure.ts';
import { latestOnly } from './latest-only.ts';
import { openQueueServer, type QueueServer, type WorkerListeners } from './queue-server.ts';
import { readTask, requireTask, type WorkerReport } from './queued-task.ts';
import { aborted, within } from './time-limit.ts';

/** What a worker reports. `task` is what people call it. */
export type QueueWorkerEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'begun'; readonly key: string; readonly task: string }
  | {
      readonly type: 'progress';
      readonly key: string;
      readonly task: string;
      readonly progress: TaskProgress;
    }
  | { readonly type: 'done'; readonly key: string; readonly task: string }
  | {
      readonly type: 'failed';
      readonly key: string;
      readonly task: string;
      readonly message: string;
    }
  /** It was stopped; another worker takes the task over. */
  | { readonly type: 'handed-back'; readonly key: string; readonly task: string };

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
  /** Tasks at a time. @default 1 */
  readonly concurrency?: number;
  /** How long a task is still this worker's after its last sign of life. @default 15000 */
  readonly lockMilliseconds?: number;
}

/** Milliseconds that putting a task back may take; after that it is taken over as that of a killed worker. */
const handBackMilliseconds = 2000;

/** Its limit is PostgreSQL's of 63 bytes for the name of a connection, by which workers are counted. */
const workerName = /^[A-Za-z0-9._-]{1,48}$/;

/**
 * Works until the signal is aborted.
 *
 * A task that throws has failed and is not tried again: what it computes is the same every time. A task whose worker
 * gives no sign of life is taken over by another one.
 *
 * @throws ConfigError WORKER_NAME, QUEUE_URL
 * @throws SystemError QUEUE_UNREACHABLE, PACKAGE_MISSING
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<void> {
  const { name, signal, concurrency = 1, lockMilliseconds = 15_000 } = options;
  if (!workerName.test(name)) {
    throw new ConfigError(
      'WORKER_NAME',
      `worker: the name ${JSON.stringify(name)} is not usable; take 1 to 48 letters, digits, dots, hyphens and underscores`,
    );
  }
  const trouble = troubleTo(options.listener);
  const server = await openQueueServer(options.url, trouble);
  try {
    const desk = createDesk(server, options);
    const settings = { name, concurrency, lockMilliseconds };
    const worker = server.createWorker(desk.process, settings, {
      ...desk.listeners,
      error: trouble,
    });
    await worker.waitUntilReady();
    if (!signal.aborted) {
      // Before any task hears of the signal, or the first that is handed back would be taken at once again.
      signal.addEventListener('abort', worker.pause, { once: true });
      worker.run().catch(trouble);
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
  const { listener } = options;
  const running = new Map<string, { readonly over: Promise<unknown>; readonly lose: () => void }>();
  return {
    process(job, token = '') {
      const lost = new AbortController();
      const over = work(server, options, { job, token, lost: lost.signal });
      const id = job.id ?? '';
      running.set(id, { over, lose: () => lost.abort() });
      return over.finally(() => running.delete(id));
    },
    listeners: {
      completed: (job) => listener({ type: 'done', ...titleOf(job) }),
      failed: (job, error) =>
        listener({ type: 'failed', ...titleOf(job), message: reasonOf(error) }),
      lost: (ids) => {
        for (const id of ids) running.get(id)?.lose();
      },
    },
    idle: () => Promise.allSettled([...running.values()].map(({ over }) => over)),
  };
}

/** What a job is called; one that is no task of ours, by its name in the queue. */
function titleOf({ id = '', data }: Pick<Job<unknown>, 'id' | 'data'>) {
  const task = readTask(data);
  return { key: task?.key ?? id, task: task?.title ?? id };
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
  { name, run, signal, listener }: QueueWorkerOptions,
  { job, token, lost }: Work,
): Promise<WorkerReport> {
  const task = requireTask(job.data);
  const title = { key: task.key, task: task.title };
  const reports = latestOnly((report: WorkerReport) => job.updateProgress(report));
  try {
    // A job that was on its way when the worker was told to stop.
    signal.throwIfAborted();
    listener({ type: 'begun', ...title });
    reports.send({ worker: name });
    await run(task, {
      signal: AbortSignal.any([signal, lost]),
      onProgress: (progress) => {
        listener({ type: 'progress', ...title, progress });
        reports.send({ worker: name, progress });
      },
    });
    return { worker: name };
  } catch (error) {
    if (lost.aborted) {
      const message = `${task.title}: another worker has taken it over, because this one could not reach the queue`;
      listener({ type: 'note', message });
      throw server.putBack();
    }
    if (!signal.aborted) throw error;
    const handedBack = job.moveToWait(token).catch(() => {});
    await within(handBackMilliseconds, handedBack, () => {});
    listener({ type: 'handed-back', ...title });
    throw server.putBack();
  } finally {
    reports.stop();
  }
}
