/** @file The program of a worker process: does the tasks it is told of until nobody is there to tell it. */
import { KronaError } from '../../../base/errors.ts';
import { processEnvironment } from '../../../platform/machine.ts';
import { answerStarter } from '../../../platform/processes.ts';
import { openStore } from '../../store/open-store.ts';
import { runTask } from './run-task.ts';
import { type TaskHost, Workbench } from './workbench.ts';
import type { TaskProcessOptions, TaskReply, TaskRequest } from './worker-protocol.ts';

type Opened = Omit<TaskHost, 'onProgress' | 'signal'>;

let opened: Opened | undefined;
let stopping = new AbortController();

answerStarter<TaskRequest, TaskReply>((request, say) => {
  switch (request.type) {
    case 'open':
      opened = open(request.options);
      break;
    case 'stop':
      stopping.abort(new Error('stopped'));
      break;
    case 'run': {
      stopping = new AbortController();
      void carryOut(request, { say, signal: stopping.signal });
      break;
    }
    default:
      request satisfies never;
  }
});

function open({ store, work, worker, pictures, device, offline }: TaskProcessOptions): Opened {
  const hub = { offline: Boolean(offline), environment: processEnvironment };
  return {
    ...{ work, worker, now: () => Date.now() },
    store: openStore(store, processEnvironment),
    workbench: new Workbench({ pictures, device, hub }),
  };
}

async function carryOut(
  { task }: Extract<TaskRequest, { readonly type: 'run' }>,
  { say, signal }: { readonly say: (reply: TaskReply) => void; readonly signal: AbortSignal },
): Promise<void> {
  try {
    if (opened === undefined) throw new Error('internal: a task before the process was opened');
    const onProgress: TaskHost['onProgress'] = (progress) => say({ type: 'progress', progress });
    await runTask(task, { ...opened, onProgress, signal });
    say({ type: 'done' });
  } catch (error) {
    if (signal.aborted) return say({ type: 'stopped' });
    const message = error instanceof Error ? error.message : String(error);
    say({ type: 'failed', code: error instanceof KronaError ? error.code : 'UNEXPECTED', message });
  }
}
