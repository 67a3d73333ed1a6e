/** @file The server that a queue lies on, Redis or PostgreSQL, reached through BullMQ. */
import type { BackendClasses, IQueueBackend, Job, Processor, Queue } from 'bullmq';
import { SystemError } from '../../base/errors.ts';
import { type Bullmq, loadBullmq, pooledClient } from './bullmq.ts';
import { reasonOf } from './connection-failure.ts';
import { parseQueueUrl, type QueueUrl } from './queue-url.ts';
import { within } from './time-limit.ts';

/** One queue for all sweeps, so that a worker need not know them. */
const queueName = 'krona';
/** Of the tables in PostgreSQL: told from those of other programs, and gone with DROP SCHEMA. */
const schema = 'krona';

/** Milliseconds that a connection may take. */
const connectMilliseconds = 5000;
/** The same with all that follows until the server can be used: one that accepts may still be silent. */
const answerMilliseconds = 8000;
/** Milliseconds between two attempts to make a connection again, at most. */
const longestPause = 2000;
/** Milliseconds that saying goodbye may take: to a server that is gone it would take for ever. */
const closeMilliseconds = 2000;

/** Times that a task is taken over: one that needs more memory than there is would kill all workers in turn. */
const takeovers = 3;

/** What happens to jobs anywhere, and to the connection. */
export interface QueueListeners {
  readonly progress: (job: string, progress: unknown) => void;
  readonly completed: (job: string, returned: unknown) => void;
  readonly failed: (job: string) => void;
  /** The connection is in trouble, and is being made again. */
  readonly error: (error: Error) => void;
}

/** What happens to a worker. */
export interface WorkerListeners {
  readonly completed: (job: Job<unknown>) => void;
  readonly failed: (job: Job<unknown>, error: Error) => void;
  /** They belong to another worker now: this one gave no sign of life for too long. */
  readonly lost: (jobs: readonly string[]) => void;
  /** The connection is in trouble, and is being made again. */
  readonly error: (error: Error) => void;
}

export interface WorkerSettings {
  readonly name: string;
  /** How long a task is its worker's without a sign of life. */
  readonly lockMilliseconds: number;
}

export type JobQueue = Pick<
  Queue<unknown>,
  'addBulk' | 'getJob' | 'getJobState' | 'remove' | 'getWorkersCount'
>;

/** Something with connections of its own. */
export interface Connected {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** Takes jobs as soon as it is run. */
export interface QueueWorker {
  waitUntilReady(): Promise<unknown>;
  /** Ends when it is closed. */
  run(): Promise<void>;
  /** Takes no more jobs from now on; those that are being done are not stopped. */
  pause(): void;
  /** To be called when no job is being done any more. */
  close(): Promise<void>;
}

/** A reached server. */
export interface QueueServer {
  /** Its address without the password. */
  readonly shown: string;
  readonly queue: JobQueue;
  listen(listeners: QueueListeners): Connected;
  createWorker(
    process: Processor<unknown, unknown>,
    settings: WorkerSettings,
    listeners: WorkerListeners,
  ): QueueWorker;
  /** What a worker throws that has put a job back into the queue. */
  putBack(): Error;
  /** What a worker throws where another attempt would fail in the same way. */
  final(message: string): Error;
  close(): Promise<void>;
}

/**
 * Connects to the server of a queue.
 *
 * @param url redis://, rediss://, postgres:// or postgresql://
 * @param onError hears of trouble with the connection, which is made again without end once it has been made
 * @throws ConfigError QUEUE_URL
 * @throws SystemError QUEUE_UNREACHABLE within seconds, PACKAGE_MISSING
 */
export async function openQueueServer(
  url: string,
  onError: (error: Error) => void,
): Promise<QueueServer> {
  const parsed = parseQueueUrl(url);
  const bullmq = await loadBullmq(parsed.kind);
  const line: Line = { isKept: false };
  const { queue, ...parts } = partsOn(bullmq, { url, kind: parsed.kind, line });
  let lastError: Error | undefined;
  queue.on('error', (error) => {
    lastError = error;
    if (line.isKept) onError(error);
  });
  const close = () => hangUp(line, queue.close());
  try {
    await within(answerMilliseconds, queue.waitUntilReady(), () => {
      throw lastError ?? new Error(`no answer within ${answerMilliseconds / 1000} s`);
    });
  } catch (cause) {
    await close();
    throw unreachable(parsed, cause);
  }
  line.isKept = true;
  return {
    ...parts,
    queue,
    shown: parsed.shown,
    putBack: () => new bullmq.WaitingError(),
    final: (message) => new bullmq.UnrecoverableError(message),
    close,
  };
}

function unreachable({ shown }: QueueUrl, cause: unknown): SystemError {
  return new SystemError(
    'QUEUE_UNREACHABLE',
    `queue: cannot use the server at ${shown}: ${reasonOf(cause)}; check the address with its user and password, that the server runs, and that this machine may connect to it`,
    { cause },
  );
}

/** The connections to a server. */
interface Line {
  /**
   * Whether one that breaks is made again: not before the server has answered, because the address may be mistyped,
   * and not when we are leaving.
   */
  isKept: boolean;
}

interface Place {
  readonly url: string;
  readonly kind: QueueUrl['kind'];
  readonly line: Line;
}

function partsOn(bullmq: Bullmq, { url, kind, line }: Place) {
  if (kind === 'postgres') {
    return partsOf(bullmq.withBackend(bullmq.createPostgresBackend), line, {
      connectionString: url,
      connectionTimeoutMillis: connectMilliseconds,
      schema,
      migrate: true,
      // Of each part, beside the connection that it listens on; a server has a hundred for all programs.
      max: 2,
      Client: pooledClient(),
    });
  }
  return partsOf(bullmq.withBackend(bullmq.createRedisBackend), line, {
    url,
    connectTimeout: connectMilliseconds,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) =>
      line.isKept ? Math.min(100 * 2 ** times, longestPause) : undefined,
  });
}

function partsOf<Backend extends IQueueBackend, Connection>(
  classes: BackendClasses<Backend, Connection>,
  line: Line,
  connection: Connection,
) {
  const queue = new classes.Queue<unknown>(queueName, { connection });
  return {
    queue,
    listen(listeners: QueueListeners): Connected {
      const events = new classes.QueueEvents(queueName, { connection });
      events.on('progress', ({ jobId, data }) => listeners.progress(jobId, data));
      events.on('completed', ({ jobId, returnvalue }) => listeners.completed(jobId, returnvalue));
      events.on('failed', ({ jobId }) => listeners.failed(jobId));
      events.on('error', listeners.error);
      return {
        waitUntilReady: () => events.waitUntilReady(),
        close: () => hangUp(line, events.close()),
      };
    },
    createWorker(
      process: Processor<unknown, unknown>,
      { lockMilliseconds, ...settings }: WorkerSettings,
      listeners: WorkerListeners,
    ) {
      const worker = new classes.Worker<unknown, unknown>(queueName, process, {
        connection,
        ...settings,
        autorun: false,
        lockDuration: lockMilliseconds,
        stalledInterval: lockMilliseconds / 3,
        maxStalledCount: takeovers,
      });
      worker.on('completed', listeners.completed);
      worker.on('failed', (job, error) => {
        if (job !== undefined) listeners.failed(job, error);
      });
      worker.on('lockRenewalFailed', listeners.lost);
      worker.on('error', listeners.error);
      return {
        waitUntilReady: () => worker.waitUntilReady(),
        run: () => worker.run(),
        pause: () => void worker.pause(true).catch(listeners.error),
        async close() {
          // From a server that is gone it would wait for an answer for ever, and keep the process alive.
          const isGone = !(await answers(queue));
          await hangUp(line, worker.close(isGone));
        },
      };
    },
  };
}

/** Whether the server can be asked something. */
async function answers(queue: JobQueue): Promise<boolean> {
  const asked = queue.getJobState('none').then(() => true);
  return await within(closeMilliseconds, asked, () => false).catch(() => false);
}

/** Waits until a part has said goodbye, which a server that is gone does not hear. */
async function hangUp(line: Line, closing: Promise<void>): Promise<void> {
  line.isKept = false;
  await within(closeMilliseconds, closing, () => {}).catch(() => {});
}
