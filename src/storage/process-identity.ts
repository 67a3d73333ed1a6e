/** @file Who a process is, so that another can tell later whether it still lives. */
import { readFileSync, readlinkSync } from '../platform/files.ts';
import { createHash } from '../platform/hashes.ts';
import { hostname, processId } from '../platform/machine.ts';
import { hasProcess } from '../platform/processes.ts';

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
  known ??= { machine: machineOf(), pid: processId, start: startOf(processId) ?? 0 };
  return known;
}

/** The identity of another process of this machine that is there now. */
export function identityOf(pid: number): ProcessIdentity {
  return { machine: thisProcess().machine, pid, start: startOf(pid) ?? 0 };
}

/** Whether a process lives; undefined where that cannot be told from here. */
export function isLiving({ machine, pid, start }: ProcessIdentity): boolean | undefined {
  if (machine !== thisProcess().machine) return undefined;
  if (!hasProcess(pid) || isDefunct(pid)) return false;
  const found = startOf(pid);
  return found === undefined || start === 0 ? undefined : found === start;
}

function machineOf(): string {
  const name = `${hostname()} ${readable(() => readlinkSync('/proc/self/ns/pid')) ?? ''}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}

/** Whether it ended and only its parent has not asked how: the first process of many containers never asks. */
function isDefunct(pid: number): boolean {
  return statOf(pid)?.[0] === 'Z';
}

function startOf(pid: number): number | undefined {
  const start = Number(statOf(pid)?.[22 - 3]);
  return Number.isSafeInteger(start) && start > 0 ? start : undefined;
}

/** Fields of proc(5)'s stat from the third on; the name before it, in parentheses, may hold anything. */
function statOf(pid: number): readonly string[] | undefined {
  const stat = readable(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Only Linux has these files. */
function readable(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
