/** @file Where the program of a worker process lies, and what workers are called. */
import { availableParallelism, hostname } from 'node:os';

/** The program beside this file, in the sources and in the built package alike. */
export function workerEntry(): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./task-worker.${ending}`, import.meta.url);
}

/** Name of a worker in results and progress; the first has number 0. */
export function workerName(number: number): string {
  return `${hostname()}-${process.pid}-${number + 1}`;
}

/** Cores for each of several processes that work side by side. */
export function threadsEach(workers: number): number {
  return Math.max(1, Math.floor(availableParallelism() / workers));
}
