/** @file The process that carries a sweep out: detached, so that it outlives Studio; what it tells goes to files. */
import { open } from 'node:fs/promises';
import { type ChildProcess, spawn } from '../../platform/processes.ts';
import { sleep } from '../../platform/waiting.ts';
import { appendLine } from '../../storage/files/json-lines.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { Begun } from './begun-file.ts';
import type { SweepPaths } from './sweep-folders.ts';
import { sweepStarted } from './sweep-journal.ts';

/** Starts what of a sweep has no result, after a line in its events that says so. */
export async function startSweep(
  paths: SweepPaths,
  { workers, device }: Pick<Begun, 'workers' | 'device'>,
  host: StudioHost,
): Promise<ChildProcess> {
  await appendLine(paths.events, sweepStarted);
  const events = await open(paths.events, 'a');
  const log = await open(paths.log, 'w');
  try {
    const [program = '', ...first] = host.program;
    const places = ['--store', paths.store, '--work', paths.work, '--results', paths.place.folder];
    const words = [...places, '--workers', `${workers}`, '--device', device, '--json'];
    // Never a pipe: it would break when Studio ends, and with it the sweep.
    const child = spawn(program, [...first, 'sweep', paths.sweep, ...words], {
      ...{ detached: true, stdio: ['ignore', events.fd, log.fd], cwd: paths.folder },
      env: host.environment,
    });
    child.once('error', (error) => host.log(`a sweep could not be started: ${error.message}`));
    child.unref();
    return child;
  } finally {
    await events.close();
    await log.close();
  }
}

/** Milliseconds between looks at a process that begins. */
const betweenLooks = 100;

interface BeginningOptions {
  /** Whether a process of the sweep listens. */
  readonly isThere: () => Promise<boolean>;
  readonly ending: AbortSignal;
}

/** Waits until a process that was started listens, or is gone. */
export async function untilSweepListens(
  child: ChildProcess,
  { isThere, ending }: BeginningOptions,
): Promise<void> {
  const isGone = () =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  while (!isGone() && !ending.aborted && !(await isThere())) await sleep(betweenLooks);
}
