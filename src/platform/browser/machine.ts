/** @file The machine, as far as a page sees it, and this worker in it. */
import { ownProcessId } from './processes/worker-process.ts';

/** There is none. */
export const processEnvironment: Readonly<Record<string, string | undefined>> = {};

/** A number that no other worker of this origin has, most likely. */
export const processId: number = ownProcessId();

export const operatingSystem: string = 'browser';

export const hostname = (): string => 'browser';
export const homedir = (): string => '/home';
export const tmpdir = (): string => '/tmp';

/** Processors. */
export const availableParallelism = (): number => navigator.hardwareConcurrency;

/** Threads to compute with: one, where the page is not isolated and threads have no memory to share. */
export function usualThreads(): number {
  return crossOriginIsolated ? navigator.hardwareConcurrency : 1;
}

/** What a module of 32 bits can have at most. */
export function machineMemory(): number {
  return 2 ** 32;
}

/** Unknown: a page is not told what its workers hold. */
export function residentMemory(): number {
  return 0;
}
