/** @file The program of a worker process: does the tasks it is told of until nobody is there to tell it. */
import { KronaError } from '../../../base/errors.ts';
import { openStore } from '../../../experiments/store/open-store.ts';
import { runTask } from '../../../experiments/sweep/work/run-task.ts';
import { type TaskHost, Workbench } from '../../../experiments/sweep/work/workbench.ts';
import type {
  TaskProcessOptions,
  TaskReply,
  TaskRequest,
} from '../../../experiments/sweep/work/worker-protocol.ts';

type Opened = Omit<TaskHost, 'onProgress' | 'signal'>;

async function open({ store, work, worker, pictures, device, offline }: TaskProcessOptions) {
  const hub = { offline: Boolean(offline), environment: process.env };
  return {
    ...{ work, worker, now: () => Date.now() },
    store: openStore(store, process.env),
    workbench: new Workbench({ pictures, device, hub }),
  };
}

function say(reply: TaskReply): void {
  // With a callback, because a failed send would end the process otherwise: whoever gave the task may just be gone.
  if (process.connected) process.send?.(reply, undefined, undefined, () => {});
}

function listen(): void {
  let opened: Promise<Opened> | undefined;
  let stopping = new AbortController();
  process.on('message', (request: TaskRequest) => {
    switch (request.type) {
      case 'open':
        opened = open(request.options);
        break;
      case 'stop':
        stopping.abort(new Error('stopped'));
        break;
      case 'run': {
        stopping = new AbortController();
        void carryOut(request, opened, stopping.signal);
        break;
      }
      default:
        request satisfies never;
    }
  });
  // Whoever gave the tasks is gone: what is half done is found by whoever comes next.
  process.on('disconnect', () => process.exit(0));
  // A terminal or a service manager stops all of its processes; the one that gave the tasks says when this one does.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}

async function carryOut(
  { task }: Extract<TaskRequest, { readonly type: 'run' }>,
  opened: Promise<Opened> | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (opened === undefined) throw new Error('internal: a task before the process was opened');
    const onProgress: TaskHost['onProgress'] = (progress) => say({ type: 'progress', progress });
    await runTask(task, { ...(await opened), onProgress, signal });
    say({ type: 'done' });
  } catch (error) {
    if (signal.aborted) return say({ type: 'stopped' });
    const message = error instanceof Error ? error.message : String(error);
    say({ type: 'failed', code: error instanceof KronaError ? error.code : 'UNEXPECTED', message });
  }
}

listen();
