/** @file Loads BullMQ where a queue is used; the rest of the package does without it and its drivers. */
import { SystemError } from '../../base/errors.ts';
import { loadPackage, packageEntry } from '../../platform/packages.ts';
import type { EventEmitter } from '../../platform/processes.ts';
import { systemCodeOf } from '../../storage/file-errors.ts';
import type { QueueUrl } from './queue-url.ts';

export type Bullmq = typeof import('bullmq');

const drivers: Readonly<Record<QueueUrl['kind'], string>> = { redis: 'ioredis', postgres: 'pg' };
const notFound = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/**
 * The library; the driver that a kind of server needs is there.
 *
 * @throws SystemError PACKAGE_MISSING
 */
export async function loadBullmq(kind: QueueUrl['kind']): Promise<Bullmq> {
  const driver = drivers[kind];
  try {
    // BullMQ loads its driver itself, later, where its failure would not say what to do.
    packageEntry(driver);
    return await import('bullmq');
  } catch (cause) {
    if (!notFound.includes(systemCodeOf(cause))) throw cause;
    throw new SystemError(
      'PACKAGE_MISSING',
      `queue: the packages bullmq and ${driver}, which are optional, are not installed here; run: npm install bullmq ${driver}`,
      { cause },
    );
  }
}

type ClientClass = new (...options: readonly never[]) => EventEmitter;

/**
 * The client of PostgreSQL's driver for pools, which outlives its server.
 *
 * One that is in use, but between two statements, tells of an end of its connection with nobody listening, and an event
 * "error" without a listener ends the process. The next statement fails all the same.
 */
export function pooledClient(): ClientClass {
  const { Client } = loadPackage('pg') as { readonly Client: ClientClass };
  return class extends Client {
    constructor(...options: readonly never[]) {
      super(...options);
      this.on('error', () => {});
    }
  };
}
