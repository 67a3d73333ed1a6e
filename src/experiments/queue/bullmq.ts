/** @file Loads BullMQ where a queue is used; the rest of the package does without it and its drivers. */
import { createRequire } from 'node:module';
import { SystemError } from '../../base/errors.ts';
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
    createRequire(import.meta.url).resolve(driver);
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
