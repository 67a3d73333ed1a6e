/** @file The process that a job trains in: it outlives Studio; what it says goes to a file. */
import { join } from '../../platform/paths.ts';
import { stopProcess } from '../../platform/processes.ts';
import { sleep } from '../../platform/waiting.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { isLiving } from '../../storage/process-identity.ts';
import type { DetachedProcess } from '../processes/detached-work.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { hasOwnRun, type JobRecord, type KeptJob } from './job-file.ts';

/** Starts the training of a job: a new run, or on with the one that is there. */
export async function startTrainer(
  { record, paths }: KeptJob,
  { work, host }: { readonly work: WorkFolder; readonly host: StudioHost },
): Promise<DetachedProcess> {
  const { request, settings } = record;
  const run = join(work.folder, record.run);
  const isThere = hasOwnRun(record) && (await hasBegun(run));
  if (settings !== undefined) {
    await writeFileAtomic(paths.settings, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
  const { log } = paths;
  const folder = request.kind === 'train' ? paths.folder : undefined;
  if (!isThere && settings !== undefined) {
    return await host.startWork({ command: 'train', settings: paths.settings, folder, log });
  }
  const more = request.kind === 'resume' && request.steps ? { steps: request.steps } : {};
  return await host.startWork({ command: 'resume', run, ...more, folder, log });
}

/** Whether a folder has a run that can be gone on with. */
export async function hasBegun(run: string): Promise<boolean> {
  return (await kindOfPath(join(run, 'run.json'))) === 'file';
}

/** Milliseconds between looks at a process that was asked to end. */
const betweenLooks = 50;

/** Asks the process of a job to end, and waits until it has; one that is no longer the same is left alone. */
export async function endTrainer({ begun }: JobRecord): Promise<void> {
  const trainer = begun?.process;
  if (trainer === undefined || isLiving(trainer) === false) return;
  stopProcess(trainer.pid);
  while (isLiving(trainer) === true) await sleep(betweenLooks);
}
