/** @file Other processes: started, waited for, and looked for. */
export { type ChildProcess, fork, spawn } from 'node:child_process';
export { type EventEmitter, once } from 'node:events';

/** Whether a process of this machine has an id. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there, and says so by refusing.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
