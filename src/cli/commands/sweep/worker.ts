/** @file `krona worker`: does the tasks of sweeps that were begun anywhere, as they come from a queue. */
import { hostname } from 'node:os';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Listener } from '../../../base/listener.ts';
import { type QueueWorkerEvent, runQueueWorker } from '../../../experiments/queue/queue-worker.ts';
import { openStore } from '../../../experiments/store/open-store.ts';
import type { TaskProcess } from '../../../experiments/sweep/work/task-process.ts';
import {
  processCount,
  startTaskProcess,
  taskSettings,
} from '../../../experiments/sweep/work/task-processes.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addSettings, givenSettings, requireSettings } from '../../flags/settings.ts';
import { addAction, type ShownEvent, type Work } from '../../shell/action.ts';
import type { Progress } from '../../shell/progress.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { formatTaskProgress } from './sweep-progress.ts';

const schema = z.strictObject({
  queue: z
    .string()
    .describe('the address that krona sweep was given: redis://host or postgres://host/database')
    .meta({ placeholder: 'url' }),
  store: z
    .string()
    .describe('where results land, as krona sweep was told: a folder, or s3://bucket/prefix')
    .meta({ placeholder: 'store' }),
  work: taskSettings.work,
  name: z
    .string()
    .optional()
    .describe('what progress calls it; this machine and process by default')
    .meta({ placeholder: 'name' }),
  concurrency: processCount.default(1).describe('tasks at a time, each in a process of its own'),
  pictures: taskSettings.pictures,
  device: taskSettings.device,
});
type WorkerSettings = z.output<typeof schema>;

const fields = fieldsOf(schema);

const examples = `
Examples:
  krona worker --queue redis://queue-host --store s3://bucket/sweeps
  krona worker --queue postgres://me@queue-host/sweeps --store /shared/sweeps --device webgpu --name big-one
  krona worker --config worker.yaml          (queue and store in a file that others cannot read)

It works until Ctrl-C, and then hands its task back; killed, another worker takes its task over. Start as many as you
like, at any time: docs/workers.md.
`;

/** Gives the command its options and its action. */
export function addWorker(command: Command, terminal: Terminal): void {
  command
    .description('Does the tasks of sweeps that were begun anywhere with krona sweep --queue.')
    .addHelpText('after', examples);
  addSettings(command, fields, 'Where and how:');
  const stopping = 'stopping after this step ...';
  addAction(command, terminal, { json: 'events', stopping }, async (work) => {
    const given = await givenSettings(command, fields);
    requireSettings(given, fields, ['queue', 'store']);
    const settings = schema.parse(given);
    // A store that cannot be is told of now, not by every task.
    openStore(settings.store, process.env);
    await doTasks(settings, work);
  });
}

/** Each worker has a name and a process of its own, so that progress tells them apart. */
async function doTasks(
  settings: WorkerSettings,
  { signal, hub: { offline }, taskProgram, shown }: Work,
): Promise<void> {
  const { queue: url, concurrency } = settings;
  const listener = shown(showEvents);
  // Ends all of them where one cannot go on: each would for the same reason.
  const failed = new AbortController();
  const ends = AbortSignal.any([signal, failed.signal]);
  const workOne = async (name: string) => {
    const placed = { worker: name, processes: concurrency, offline, program: taskProgram };
    await using tasks = startTaskProcess(settings, placed);
    const run: TaskProcess['run'] = (task, host) => tasks.run(task, host);
    await runQueueWorker({ url, name, run, signal: ends, listener }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  };
  const name = settings.name ?? usualName();
  const names = Array.from({ length: concurrency }, (_, i) => `${name}-${i + 1}`);
  await Promise.all((concurrency === 1 ? [name] : names).map(workOne));
}

/** Characters of a name that leave room for a number. */
const longestName = 44;

/** The machine and the process; of a long name of a machine, the beginning, which is its own. */
function usualName(): string {
  const suffix = `-${process.pid}`;
  const machine = hostname().replace(/[^A-Za-z0-9._-]/g, '-');
  return `${machine.slice(0, longestName - suffix.length)}${suffix}`;
}

function showEvents(progress: Progress): Listener<ShownEvent<QueueWorkerEvent>> {
  return (event) => {
    switch (event.type) {
      case 'begun':
        progress.status(`${event.worker}  ${event.title}: begun`);
        break;
      case 'progress': {
        const doing = formatTaskProgress(event.progress);
        progress.status(`${event.worker}  ${event.title}: ${doing}`);
        break;
      }
      case 'done':
        progress.note(`${event.worker}  done: ${event.title}`);
        break;
      case 'failed':
        progress.note(`${event.worker}  failed: ${event.title}: ${event.message}`);
        break;
      case 'handed-back':
        progress.note(`${event.worker}  handed back: ${event.title}`);
        break;
      default:
        event satisfies never;
    }
  };
}
