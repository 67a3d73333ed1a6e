/** @file Tasks as a queue hands them to a worker: anybody may have written them. */
import { join } from 'node:path';
import { RunError } from '../../../src/base/errors.ts';
import { requireTask } from '../../../src/experiments/queue/queued-task.ts';
import { folderStore } from '../../../src/experiments/store/folder-store.ts';
import { planSweep } from '../../../src/experiments/sweep/plan/plan-sweep.ts';
import { readSpec } from '../../../src/experiments/sweep/spec/read-spec.ts';
import { runTask } from '../../../src/experiments/sweep/work/run-task.ts';
import { Workbench } from '../../../src/experiments/sweep/work/workbench.ts';
import type { Task } from '../../../src/experiments/sweep/work/worker-protocol.ts';
import { library, type Place, type Target } from '../target.ts';

const hub = { offline: true, environment: {} };

const spec = {
  title: 'A sweep',
  base: 'pocket',
  benchmark: 'pocket',
  subjects: ['teapot'],
  prompts: [1],
  seeds: [0],
  train: { adapter: 'krona', adapterOptions: { a1: 4, a2: 8 }, steps: 1, batchSize: 1 },
  draw: { steps: 1, count: 1 },
  metrics: ['dino'],
};

/** A task as a sweep makes it, small enough to be carried out. */
async function soundTask({ sandbox }: Place): Promise<Task> {
  const path = sandbox.write('sweep.json', JSON.stringify(spec));
  const { tasks: planned } = await planSweep(await readSpec(path), { hub });
  const [task] = planned;
  if (task === undefined) throw new Error('internal: a sweep without tasks');
  return task;
}

/** A task that may be done for hours is sound: it is stopped, as whoever stops one does, with an error that says so. */
function endingSoon(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new RunError('STOPPED', 'stopped: it would go on for long'));
  setTimeout(stop, 20_000).unref();
  return controller.signal;
}

export const tasks: Target = {
  weight: 3,
  run: async (place) => {
    const { damage, sandbox } = place;
    const job = damage.value({ task: JSON.parse(JSON.stringify(await soundTask(place))) });
    return library(place, async () => {
      const task = requireTask(job);
      await using workbench = new Workbench({ hub });
      await runTask(task, {
        store: folderStore(join(sandbox.out, 'store')),
        work: join(sandbox.out, 'work'),
        workbench,
        worker: 'fuzz',
        onProgress: () => {},
        signal: endingSoon(),
        now: () => 0,
      });
    });
  },
};
