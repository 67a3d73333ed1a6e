/** @file The process that a job trains in: detached, so that it outlives Studio; what it says goes to a file. */
import { open } from 'node:fs/promises';
import { join } from '../../platform/paths.ts';
import { type ChildProcess, spawn } from '../../platform/processes.ts';
import { sleep } from '../../platform/waiting.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { isLiving } from '../../storage/process-identity.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { hasOwnRun, type JobRecord, type KeptJob } from './job-file.ts';

/** Starts the training of a job: a new run, or on with the one that is there. */
export async function startTrainer(
  { record, paths }: KeptJob,
  { work, host }: { readonly work: WorkFolder; readonly host: StudioHost },
): Promise<ChildProcess> {
  const { request, settings } = record;
  const run = join(work.folder, record.run);
  const isThere = hasOwnRun(record) && (await hasBegun(run));
  const steps = request.kind === 'resume' && request.steps ? ['--steps', `${request.steps}`] : [];
  const words =
    isThere || settings === undefined ? ['--resume', run, ...steps] : ['--config', paths.settings];
  if (settings !== undefined) {
    await writeFileAtomic(paths.settings, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
  const log = await open(paths.log, 'w');
  try {
    const [program = '', ...first] = host.program;
    // Never a pipe: it would break when Studio ends, and with it the training.
    const child = spawn(program, [...first, 'train', ...words, '--quiet'], {
      ...{ detached: true, stdio: ['ignore', log.fd, log.fd] },
      env: host.environment,
      // What a page named of the hub is no path there; all other places are absolute.
      ...(request.kind === 'train' && { cwd: paths.folder }),
    });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
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
  process.kill(trainer.pid, 'SIGTERM');
  while (isLiving(trainer) === true) await sleep(betweenLooks);
}
