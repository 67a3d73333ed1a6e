/** @file Other tabs and workers of this page's origin: looked for by the lock that each holds while it lives. */
import { SystemError } from '../../base/errors.ts';
import { processId } from './machine.ts';

const lockOf = (pid: number): string => `krona-process-${pid}`;

// Until this worker ends, in whatever way.
void navigator.locks.request(lockOf(processId), () => new Promise(() => {}));

/** Who was there when we last looked; undefined until then. */
let living: ReadonlySet<string> | undefined;

async function look(): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  living = new Set(held.flatMap(({ name }) => name ?? []));
}
void look();

/** Whether a worker of this origin has an id, as far as is known: one that has just gone is found out the next time. */
export function hasProcess(pid: number): boolean {
  void look();
  return pid === processId || (living?.has(lockOf(pid)) ?? true);
}

/** The system does not say. */
export function startOfProcess(): undefined {
  return undefined;
}

export function processNamespace(): string {
  return location.origin;
}

/** Where a program would be that no page can start. */
export function programBeside(module: string, name: string): URL {
  return new URL(`./${name}.js`, module);
}

export function nodeArguments(): readonly string[] {
  return [];
}

/** @throws SystemError NO_PROCESSES */
export function fork(): never {
  throw new SystemError(
    'NO_PROCESSES',
    'a page starts no processes; leave "workers" out, which computes in this one',
  );
}

/** @throws SystemError NO_PROCESSES */
export const once = fork;
