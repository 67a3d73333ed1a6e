/** @file What a job is doing, worked out of its file, its process and its run; nobody has to say that it ended. */
import { readTextIfPresent } from '../../storage/files/text-file.ts';
import { isLiving } from '../../storage/process-identity.ts';
import type { RunState } from '../../train/folder/run-state.ts';
import type { JobState } from '../interface/job-operations.ts';
import type { KeptJob } from './job-file.ts';

/** The command's code where it was told to stop, and left everything in order. */
const stoppedCode = 130;

/** What a job's state follows from, beside its file. */
export interface JobSigns {
  /** State of its run; undefined where there is none yet. */
  readonly run: RunState | undefined;
  /** Whether its process was started here, and has not told its end yet. */
  readonly isOurs: boolean;
}

export async function jobState(job: KeptJob, { run, isOurs }: JobSigns): Promise<JobState> {
  const { begun } = job.record;
  if (begun === undefined) return { state: 'waiting' };
  const { process, ended } = begun;
  if (ended === undefined) {
    if (isOurs) return { state: 'running' };
    const living = process && isLiving(process);
    if (living === true) return { state: 'running' };
    // Where the system does not tell processes apart, the run's lock says.
    const isItsRun = run?.state === 'running' && run.owner.pid === process?.pid;
    if (living === undefined && isItsRun) return { state: 'running' };
  }
  if (run?.state === 'finished' && isAllMade(job, run.step)) return { state: 'done' };
  const log = (await readTextIfPresent(job.paths.log).catch(() => undefined)) ?? '';
  const said = errorIn(log);
  if (said !== undefined) return { state: 'failed', ...said };
  if (ended?.signal) return { state: 'failed', ...killed(ended.signal, run?.step ?? 0) };
  if (run?.state === 'failed') return { state: 'failed', code: run.code, message: run.message };
  if (ended?.code && ended.code !== stoppedCode) {
    return { state: 'failed', ...broken(ended.code, log) };
  }
  return { state: 'held' };
}

function isAllMade({ record: { request } }: KeptJob, step: number): boolean {
  return request.kind === 'train' || step >= (request.steps ?? 0);
}

function killed(signal: string, step: number) {
  const likely = signal === 'SIGKILL' ? '; systems do so where memory runs out' : '';
  return {
    code: 'PROCESS_KILLED',
    message: `its process was ended by ${signal} after step ${step}${likely}`,
  };
}

/** How the command says what went wrong, at the end of what it says. */
const errorLine = /^error: ([\s\S]*) \[([A-Z][A-Z0-9_]*)\]\s*$/m;

function errorIn(log: string): { code: string; message: string } | undefined {
  const [, message, code] = errorLine.exec(log) ?? [];
  return message === undefined || code === undefined ? undefined : { code, message };
}

/** Characters of a log that are shown. */
const longestEnd = 2000;

function broken(code: number, log: string) {
  const said = log.trim().slice(-longestEnd);
  const end = said === '' ? ' and said nothing; its memory may have run out' : `: ${said}`;
  return { code: 'PROCESS_FAILED', message: `its process ended with code ${code}${end}` };
}
