/** @file A worker whose tasks are trivial: they wait, and write results. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../../src/base/errors.ts';
import {
  type QueueWorkerOptions,
  runQueueWorker,
} from '../../src/experiments/queue/queue-worker.ts';
import { folderStore } from '../../src/experiments/store/folder-store.ts';
import type { Task, TaskRunHost } from '../../src/experiments/sweep/work/worker-protocol.ts';

/** Short, so that a killed worker's task is soon another's. */
const lockMilliseconds = 3000;

export interface WaitingWorkerOptions
  extends Pick<QueueWorkerOptions, 'url' | 'name' | 'signal' | 'listener'> {
  /** What it began, and its results. */
  readonly folder: string;
}

/** Works until the signal is aborted. Settings of a scoring say how long it takes, and what goes wrong. */
export async function runWaitingWorker({
  folder,
  ...options
}: WaitingWorkerOptions): Promise<void> {
  const { name } = options;
  const store = folderStore(folder);
  let begun = 0;
  const run = async (task: Task, { onProgress, signal }: TaskRunHost) => {
    for (const { key, settings } of task.scorings) {
      begun += 1;
      await store.write(`begun/${key}/${name}-${begun}`, bytes(task.title));
      const milliseconds = Number(settings.milliseconds);
      for (let done = 0; done <= 10; done += 1) {
        onProgress({ stage: 'drawing', done, total: 10 });
        await sleep(milliseconds / 10, undefined, { signal });
      }
      if (settings.fault !== undefined) throw new Error(String(settings.fault));
      if (begun <= Number(settings.crashes)) {
        throw new RunError('WORKER_ENDED', `crash ${begun}`);
      }
      await store.write(`results/${key}`, bytes({ name }));
    }
  };
  await runQueueWorker({ ...options, run, lockMilliseconds });
}

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
