/** @file The program of a worker that trains, or carries a sweep out, as the command does in a process. */
import { sweep } from '../../api/sweeping.ts';
import { resume, type TrainOptions, train } from '../../api/training.ts';
import { answerStarter, stopSignal } from '../../platform/browser/processes.ts';
import type { DeviceChoice } from '../../runtime/index.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readJson } from '../../storage/files/json-file.ts';
import { appendLine } from '../../storage/files/json-lines.ts';
import type { Failure } from '../interface/operation-shapes.ts';
import type { DetachedWork, ProcessEnd } from '../processes/detached-work.ts';
import { failureOf } from '../work/failure-of.ts';

/** The command's codes. */
const [done, failed, stopped] = [0, 1, 130];

answerStarter<DetachedWork, ProcessEnd>((work, say) => {
  void carriedOut(work).then((code) => say({ code, signal: null }));
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

/** Writes why work failed where the command would write it. */
async function told(work: DetachedWork, { code, message }: Failure): Promise<void> {
  await writeFileAtomic(work.log, `error: ${message} [${code}]\n`);
  if (work.command === 'sweep') await appendLine(work.events, { error: { code, message } });
}

/** Whether it came to its end, rather than being told to stop. */
async function worked(work: DetachedWork, signal: AbortSignal): Promise<boolean> {
  switch (work.command) {
    case 'train': {
      // Checked when the job was added, and again by who takes them.
      const settings = (await readJson(work.settings, 'the settings')) as TrainOptions;
      return !(await train(settings, { signal })).interrupted;
    }
    case 'resume': {
      const { run, steps } = work;
      return !(await resume({ run, ...(steps !== undefined && { steps }) }, { signal }))
        .interrupted;
    }
    case 'sweep': {
      const { sweep: spec, store, results, work: runs } = work;
      const device = work.device as DeviceChoice;
      const running = sweep({ spec, store, results, work: runs, device }, { signal });
      for await (const event of running) await appendLine(work.events, event);
      await running;
      return true;
    }
    default:
      return work satisfies never;
  }
}
