/** @file Who a process is, so that another can tell later whether it still lives. */
import { createHash } from '../platform/hashes.ts';
import { hostname, processId } from '../platform/machine.ts';
import { hasProcess, processNamespace, startOfProcess } from '../platform/processes.ts';

export interface ProcessIdentity {
  /** Hash of the host's name and of the process namespace, within which process ids count: eight hexadecimal digits. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in the kernel's ticks, which tells it from a later process with its id; 0 where that is not said. */
  readonly start: number;
}

let known: ProcessIdentity | undefined;

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  known ??= { machine: machineOf(), pid: processId, start: startOfProcess(processId) ?? 0 };
  return known;
}

/** The identity of another process of this machine that is there now. */
export function identityOf(pid: number): ProcessIdentity {
  return { machine: thisProcess().machine, pid, start: startOfProcess(pid) ?? 0 };
}

/** Whether a process lives; undefined where that cannot be told from here. */
export function isLiving({ machine, pid, start }: ProcessIdentity): boolean | undefined {
  if (machine !== thisProcess().machine) return undefined;
  if (!hasProcess(pid)) return false;
  const found = startOfProcess(pid);
  return found === undefined || start === 0 ? undefined : found === start;
}

function machineOf(): string {
  const name = `${hostname()} ${processNamespace()}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}
