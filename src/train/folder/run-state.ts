/** @file What a run is doing, worked out of its folder and of whether anybody works on it; it is stored nowhere. */
import { namesIn } from '../../storage/files/folders.ts';
import type { RecordedEvent } from '../events.ts';
import { checkpointFiles, stepOfName } from './checkpoint.ts';
import { isAtWork, type Owner, readOwner } from './owner.ts';
import { readEvents, stepsOf } from './read-events.ts';
import { runNames, runPaths } from './run-folder.ts';

/** Every state says the last step that was made. */
export type RunState = { readonly step: number } & (
  | { readonly state: 'finished' }
  /** By a process of this machine, or of another that shares the disk. */
  | { readonly state: 'running'; readonly owner: Omit<Owner, 'token'>; readonly phase: string }
  /** Told to stop. */
  | { readonly state: 'paused' }
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  /** Killed, or its machine went down; it goes on from the checkpoint, or from its start. */
  | { readonly state: 'ended unexpectedly'; readonly checkpoint: number | undefined }
);

/**
 * The state of a run.
 *
 * @param now milliseconds since 1970 began, which tell whether another machine still shows signs of life
 * @throws FormatError JSON_LINES_INVALID, RunError OWNER_INVALID where its files are damaged
 */
export async function runState(folder: string, now: number): Promise<RunState> {
  const { events, names } = await readFolder(folder);
  const last = events.findLast(({ type }) => lifeEvents.has(type));
  const step = stepsOf(events).at(-1)?.step ?? 0;
  if (isFinished(last, names)) return { state: 'finished', step };
  const owner = await readOwner(folder);
  if (owner !== undefined && (await isAtWork(folder, owner, now))) {
    const { token: _, ...shown } = owner;
    return { state: 'running', step, owner: shown, phase: phaseOf(events) };
  }
  if (last?.type === 'interrupted') return { state: 'paused', step: last.step };
  if (last?.type === 'failed') {
    return { state: 'failed', step, code: last.code, message: last.message };
  }
  const newest = (await checkpointFiles(runPaths(folder).checkpoints)).at(-1);
  const checkpoint = newest === undefined ? undefined : stepOfName(newest);
  return { state: 'ended unexpectedly', step, checkpoint };
}

/** The step at which a run finished; undefined of one that has not, or goes on. */
export async function finishedStep(folder: string): Promise<number | undefined> {
  const { events, names } = await readFolder(folder);
  const last = events.findLast(({ type }) => lifeEvents.has(type));
  return isFinished(last, names) ? last.step : undefined;
}

/** What begins or ends the work of a process; runs of earlier versions say `started` alone when one begins. */
const lifeEvents: ReadonlySet<string> = new Set([
  ...['begun', 'started', 'step'],
  ...['interrupted', 'failed', 'finished'],
]);

type Finished = Extract<RecordedEvent, { readonly type: 'finished' }>;

function isFinished(last: RecordedEvent | undefined, names: readonly string[]): last is Finished {
  return last?.type === 'finished' && names.includes(runNames.adapter);
}

function phaseOf(events: readonly RecordedEvent[]): string {
  const last = events.findLast(({ type }) => type === 'begun' || type === 'phase');
  return last?.type === 'phase' ? last.phase : 'beginning';
}

async function readFolder(folder: string) {
  const names = await namesIn(folder);
  const events = names.includes(runNames.events) ? await readEvents(runPaths(folder).events) : [];
  return { names, events };
}
