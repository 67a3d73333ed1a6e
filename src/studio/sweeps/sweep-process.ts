/** @file The process that carries a sweep out: it outlives Studio; what it tells goes to files. */
import { sleep } from '../../platform/waiting.ts';
import { appendLine } from '../../storage/files/json-lines.ts';
import type { DetachedProcess } from '../processes/detached-work.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { Begun } from './begun-file.ts';
import type { SweepPaths } from './sweep-folders.ts';
import { sweepStarted } from './sweep-journal.ts';

/** Starts what of a sweep has no result, after a line in its events that says so. */
export async function startSweep(
  paths: SweepPaths,
  { workers, device }: Pick<Begun, 'workers' | 'device'>,
  host: StudioHost,
): Promise<DetachedProcess> {
  const { events, log, sweep, store, work, folder } = paths;
  await appendLine(events, sweepStarted);
  return await host.startWork({
    ...{ command: 'sweep', sweep, store, work, results: paths.place.folder },
    ...{ workers, device, events, log, folder },
  });
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
  { ended }: DetachedProcess,
  { isThere, ending }: BeginningOptions,
): Promise<void> {
  let isGone = false;
  void ended.then(() => {
    isGone = true;
  });
  while (!isGone && !ending.aborted && !(await isThere())) await sleep(betweenLooks);
}
