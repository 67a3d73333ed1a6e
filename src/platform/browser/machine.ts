/** @file The machine, as far as a page sees it, and this worker in it. */
import type { Environment } from '../../base/environment.ts';
import { ownProcessId } from './processes/worker-process.ts';

const variables: Record<string, string | undefined> = {};

/** What the page has said: there is no other. */
export const processEnvironment: Environment = variables;

/** Says what the variables of a process would be. */
export function setEnvironment(environment: Environment): void {
  Object.assign(variables, environment);
}

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
