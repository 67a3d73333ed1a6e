/** @file The machine and this process on it. */
import { availableParallelism, totalmem } from 'node:os';

export { homedir, hostname, tmpdir } from 'node:os';

/** Variables of this process's environment, as they are at the moment. */
export const processEnvironment: Readonly<Record<string, string | undefined>> = process.env;

export const processId: number = process.pid;

/** The operating system, as Node calls it: `linux`, `darwin`, `win32`. */
export const operatingSystem: string = process.platform;

/** Threads to compute with: all processors, unless KRONA_THREADS says otherwise, for processes that work side by side. */
export function usualThreads(): number {
  return Number(processEnvironment.KRONA_THREADS) || availableParallelism();
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
