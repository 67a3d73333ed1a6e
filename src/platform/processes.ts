/** @file Other processes: started, answered, waited for, and looked for. */
import { readFileSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

export { type ChildProcess, fork, spawn } from 'node:child_process';
export { EventEmitter, once } from 'node:events';

/**
 * Whether a process of this machine has an id. One that ended and whose parent has not asked how is none: the first
 * process of many containers never asks.
 */
export function hasProcess(pid: number): boolean {
  if (statOf(pid)?.[0] === 'Z') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there, and says so by refusing.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The program of a name beside a module, written in what the module is: TypeScript, or what was built of it.
 *
 * @param module its `import.meta.url`
 */
export function programBeside(module: string, name: string): URL {
  return new URL(`./${name}.${module.endsWith('.ts') ? 'ts' : 'js'}`, module);
}

/** Whether a program that is started reads by the same paths what this one reads. */
export const programsReadOurFiles = true;

/** What Node is started with for a program: the sources need a loader that the built package does not. */
export function nodeArguments(program: URL): readonly string[] {
  return program.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
}

/**
 * Hears the requests of the process that started this one, and ends with it.
 *
 * @param hear gets a request, and how to reply; nothing comes of a reply where whoever asked is gone
 */
export function answerStarter<Request, Reply>(
  hear: (request: Request, say: (reply: Reply) => void) => void,
): void {
  const say = (reply: Reply): void => {
    // With a callback, because a failed send would end the process otherwise.
    if (process.connected) process.send?.(reply, undefined, undefined, () => {});
  };
  process.on('message', (request: Request) => hear(request, say));
  // Whoever asked is gone: what is half done is found by whoever comes next.
  process.on('disconnect', () => process.exit(0));
  // A terminal or a service manager stops all of its processes; the one that started this one says when it does.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}

/** Asks a process to end, in order. */
export function stopProcess(pid: number): void {
  process.kill(pid, 'SIGTERM');
}

/** Lets others compute before this process. */
export function yieldToOthers(): void {
  const low = 10;
  setPriority(low);
}

/** When a process started, in the kernel's ticks; undefined where the system does not say. */
export function startOfProcess(pid: number): number | undefined {
  const start = Number(statOf(pid)?.[22 - 3]);
  return Number.isSafeInteger(start) && start > 0 ? start : undefined;
}

/** The namespace within which process ids count; empty where the system does not say. */
export function processNamespace(): string {
  return readable(() => readlinkSync('/proc/self/ns/pid')) ?? '';
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
