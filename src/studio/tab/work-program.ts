/** @file The program of a worker that trains, or carries a sweep out, as the command does in a process. */
import { sweep } from '../../api/sweeping.ts';
import { resume, train } from '../../api/training.ts';
import { KronaError } from '../../base/errors.ts';
import { answerStarter, stopSignal } from '../../platform/browser/processes.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readJson } from '../../storage/files/json-file.ts';
import { appendLine } from '../../storage/files/json-lines.ts';
import type { DetachedWork } from '../processes/detached-work.ts';
import type { WorkQuestion, WorkReply } from './work-question.ts';

const [done, failed, stopped] = [0, 1, 130];

answerStarter<WorkQuestion, WorkReply>(({ work }, say) => {
  void carriedOut(work).then((code) => say({ code }));
});

async function carriedOut(work: DetachedWork): Promise<number> {
  const signal = stopSignal();
  try {
    const isWhole = await worked(work, signal);
    return isWhole ? done : stopped;
  } catch (error) {
    if (signal.aborted) return stopped;
    await told(work, failureOf(error)).catch(() => {});
    return failed;
  }
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

function failureOf(error: unknown): Failure {
  if (error instanceof KronaError) return { code: error.code, message: error.message };
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
}

/** Writes why work failed where the command would write it. */
async function told(work: DetachedWork, error: Failure): Promise<void> {
  await writeFileAtomic(work.log, `error: ${error.message} [${error.code}]\n`);
  if (work.command === 'sweep') await appendLine(work.events, { error });
}

/** Whether it came to its end, rather than being told to stop. */
async function worked(work: DetachedWork, signal: AbortSignal): Promise<boolean> {
  switch (work.command) {
    case 'train': {
      const settings = await readJson(work.settings, 'the settings');
      return !(await train(settings as never, { signal })).interrupted;
    }
    case 'resume': {
      const { run, steps } = work;
      return !(await resume({ run, ...(steps !== undefined && { steps }) }, { signal }))
        .interrupted;
    }
    case 'sweep': {
      const { sweep: spec, store, results, device } = work;
      const options = { spec, store, results, work: work.work, device };
      const running = sweep(options as never, { signal });
      for await (const event of running) await appendLine(work.events, event);
      await running;
      return true;
    }
    default:
      return work satisfies never;
  }
}
