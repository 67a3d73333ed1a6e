/** @file Tells a run to stop after its step, with a checkpoint, and waits until its process is gone. */
import { RunError } from '../../../base/errors.ts';
import { sleep } from '../../../platform/waiting.ts';
import { tellRun } from '../../../train/folder/orders.ts';
import { detailOf } from '../../runs/run-words.ts';
import { oneSchema } from '../input-parts.ts';
import { defineOperation } from '../operation.ts';

/** Milliseconds between looks. */
const betweenLooks = 100;

export const runsStop = defineOperation({
  name: 'runs.stop',
  kind: 'change',
  schema: oneSchema,
  run: async ({ id }, studio) => {
    const { runs, feed, ending } = studio;
    let look = await runs.get(id);
    let isTold = false;
    while (look.state.state === 'running' && !ending.aborted) {
      if (!isTold) isTold = await told(look.found.folder);
      await sleep(betweenLooks);
      look = await runs.get(id);
    }
    feed.publish({ type: 'changed', what: 'runs', id });
    return await detailOf(look, studio);
  },
});

/** Whether a process took it; the one that works may have ended by itself, and another may be about to. */
async function told(run: string): Promise<boolean> {
  try {
    await tellRun(run, { command: 'stop' });
    return true;
  } catch (error) {
    if (error instanceof RunError && error.code === 'RUN_NOT_RUNNING') return false;
    throw error;
  }
}
