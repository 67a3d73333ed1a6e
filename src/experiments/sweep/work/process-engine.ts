/** @file The engine that needs nothing else: worker processes on this machine. */
import { RunError } from '../../../base/errors.ts';
import type { EngineHost, Task, TaskEngine, TaskRunner } from './worker-protocol.ts';

/** A worker, which whoever started it closes. */
export interface LocalWorker extends AsyncDisposable {
  readonly name: string;
  readonly runner: TaskRunner;
}

/** A task that takes its process down is given a second chance: the system may have been short of memory. */
const mostAttempts = 2;

/**
 * Gives each worker the next task as soon as it is free.
 *
 * @param start makes a worker; called once for each
 */
export function processEngine(count: number, start: (number: number) => LocalWorker): TaskEngine {
  return {
    async run(tasks, host) {
      const waiting = tasks.map((task) => ({ task, attempts: 0 }));
      const work = async (number: number) => {
        await using worker = start(number);
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          if (host.signal.aborted) return;
          const ended = await attempt(next.task, worker, host);
          if (ended === 'done') continue;
          next.attempts += 1;
          if (ended.code === 'WORKER_ENDED' && next.attempts < mostAttempts) waiting.push(next);
          else report(host, next.task, worker, ended.message);
        }
      };
      await Promise.all(Array.from({ length: Math.min(count, tasks.length) }, (_, i) => work(i)));
    },
  };
}

async function attempt(
  task: Task,
  { name: worker, runner }: LocalWorker,
  { report: tell, signal }: EngineHost,
): Promise<'done' | { readonly code: string; readonly message: string }> {
  const about = { worker, task: task.key };
  tell({ type: 'begun', ...about });
  try {
    const onProgress = (progress: Parameters<Parameters<TaskRunner['run']>[1]['onProgress']>[0]) =>
      tell({ type: 'progress', ...about, progress });
    await runner.run(task, { onProgress, signal });
    tell({ type: 'done', ...about });
    return 'done';
  } catch (error) {
    if (signal.aborted) return { code: 'STOPPED', message: 'stopped' };
    const { message } = error instanceof Error ? error : { message: String(error) };
    return { code: error instanceof RunError ? error.code : 'FAILED', message };
  }
}

function report(
  { report: tell, signal }: EngineHost,
  task: Task,
  { name }: LocalWorker,
  message: string,
) {
  if (!signal.aborted) tell({ type: 'failed', worker: name, task: task.key, message });
}
