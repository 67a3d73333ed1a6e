/** @file Which tasks are open, and what has been told of them: the same news arrives by event and by looking. */
import type { EngineEvent, Task } from '../sweep/work/worker-protocol.ts';
import { jobNameOf, type WorkerReport } from './queued-task.ts';

/** Tells news once. Jobs that are not open, because they are over or another sweep's, have none. */
export interface TaskLedger {
  /** Open jobs with their tasks. */
  readonly open: ReadonlyMap<string, Task>;
  /** Aborted when nothing is open any more. */
  readonly finished: AbortSignal;
  reported(job: string, report: WorkerReport): void;
  done(job: string, worker: string | undefined): void;
  failed(job: string, worker: string | undefined, message: string): void;
}

const nobody = 'unknown';

export function createTaskLedger(
  tasks: readonly Task[],
  report: (event: EngineEvent) => void,
): TaskLedger {
  const open = new Map(tasks.map((task) => [jobNameOf(task), task]));
  const workers = new Map<string, string>();
  const finished = new AbortController();
  /** Who did a task: as told now, or by its last sign of life. */
  const end = (job: string, told: string | undefined) => {
    const task = open.get(job);
    if (task === undefined) return undefined;
    open.delete(job);
    return { task: task.key, worker: told ?? workers.get(job) ?? nobody };
  };
  const checkFinished = () => {
    if (open.size === 0) finished.abort();
  };
  checkFinished();
  return {
    open,
    finished: finished.signal,
    reported(job, { worker, progress }) {
      const task = open.get(job)?.key;
      if (task === undefined) return;
      if (workers.get(job) !== worker) report({ type: 'begun', worker, task });
      workers.set(job, worker);
      if (progress !== undefined) report({ type: 'progress', worker, task, progress });
    },
    done(job, told) {
      const ended = end(job, told);
      if (ended !== undefined) report({ type: 'done', ...ended });
      checkFinished();
    },
    failed(job, told, message) {
      const ended = end(job, told);
      if (ended !== undefined) report({ type: 'failed', ...ended, message });
      checkFinished();
    },
  };
}
