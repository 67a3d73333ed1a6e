/** @file A worker in a process of its own, whose tasks are trivial: they wait, and write results. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../../src/base/errors.ts';
import { runQueueWorker } from '../../src/experiments/queue/queue-worker.ts';
import { folderStore } from '../../src/experiments/store/folder-store.ts';
import type { Task } from '../../src/experiments/sweep/work/task.ts';
import type { TaskRunHost } from '../../src/experiments/sweep/work/task-runner.ts';

const [url = '', name = '', folder = '', lock = ''] = process.argv.slice(2);
const store = folderStore(folder);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort(new Error('stopped')));

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

let begun = 0;

/** Settings of a scoring say how long it takes, and what goes wrong. */
async function run(task: Task, { onProgress, signal }: TaskRunHost): Promise<void> {
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
}

await runQueueWorker({
  url,
  name,
  run,
  signal: stop.signal,
  listener: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  lockMilliseconds: Number(lock),
});
