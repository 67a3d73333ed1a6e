/** @file The machine and this process on it. */
import { availableParallelism, totalmem } from 'node:os';
import type { Environment } from '../base/environment.ts';
import { ConfigError } from '../base/errors.ts';

export { availableParallelism, homedir, hostname, tmpdir } from 'node:os';

/** Variables of this process, as they are at the moment. */
export const processEnvironment: Environment = process.env;

export const processId: number = process.pid;

/** The operating system, as Node calls it: `linux`, `darwin`, `win32`. */
export const operatingSystem: string = process.platform;

/** Far more threads than processors do nothing but wait for each other; some machines say that they have only one. */
const mostThreads = Math.max(64, availableParallelism());

/**
 * Threads to compute with: all processors, unless KRONA_THREADS says otherwise, for processes that work side by side.
 *
 * @param asked the text of that variable
 * @throws ConfigError THREADS where it is no number of threads
 */
export function usualThreads(asked = processEnvironment.KRONA_THREADS): number {
  if (asked === undefined || asked === '') return availableParallelism();
  const threads = Number(asked);
  if (Number.isInteger(threads) && threads >= 1 && threads <= mostThreads) return threads;
  throw new ConfigError(
    'THREADS',
    `the environment variable KRONA_THREADS: expected a number of threads from 1 to ${mostThreads}, got "${asked}"; leave it unset to use all ${availableParallelism()} processors`,
  );
}

/** Bytes that the machine has, or those of its control group's limit where that is smaller. */
export function machineMemory(): number {
  // 0, or more than there is, where nothing limits the process.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}

/** Bytes of memory that this process holds. */
export function residentMemory(): number {
  return process.memoryUsage.rss();
}
