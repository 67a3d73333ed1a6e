/** @file What a run is doing, worked out of its folder and of whether anybody works on it; it is stored nowhere. */
import { namesIn } from '../../storage/files/folders.ts';
import type { RecordedEvent } from '../events.ts';
import { checkpointFiles, stepOfName } from './checkpoint.ts';
import { isAtWork, type Owner, readOwner } from './owner.ts';
import { readEvents, stepsOf } from './read-events.ts';
import { runNames, runPaths } from './run-folder.ts';

/** The process that works on a run: what may be shown of it. */
export type RunOwner = Omit<Owner, 'token'>;

/** Every state says the last step that was made. */
export type RunState = { readonly step: number } & (
  | { readonly state: 'finished' }
  /** By a process of this machine, or of another that shares the disk. */
  | { readonly state: 'running'; readonly owner: RunOwner; readonly phase: string }
  /** Told to stop. */
  | { readonly state: 'paused' }
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  /** Killed, or its machine went down; it goes on from the checkpoint, or from its start. */
  | { readonly state: 'ended unexpectedly'; readonly checkpoint: number | undefined }
);

/** What decides a run's state, beside whether anybody works on it. */
export interface RunFacts {
  /** The last event that begins or ends the work of a process, or is a step. */
  readonly last: RecordedEvent | undefined;
  /** The last step that counts; 0 before the first. */
  readonly step: number;
  readonly phase: string;
  /** In its folder. */
  readonly names: readonly string[];
}

/**
 * The state of a run.
 *
 * @param now milliseconds since 1970 began, which tell whether another machine still shows signs of life
 * @throws FormatError JSON_LINES_INVALID, RunError OWNER_INVALID where its files are damaged
 */
export async function runState(folder: string, now: number): Promise<RunState> {
  const { events, names } = await readFolder(folder);
  const last = events.findLast(isOfLife);
  const step = stepsOf(events).at(-1)?.step ?? 0;
  return await stateOfFacts(folder, { last, step, phase: phaseOf(events), names }, now);
}

/** The same, for whoever follows the events and need not read them again. */
export async function stateOfFacts(
  folder: string,
  { last, step, phase, names }: RunFacts,
  now: number,
): Promise<RunState> {
  if (isFinished(last, names)) return { state: 'finished', step };
  const owner = await readOwner(folder);
  if (owner !== undefined && (await isAtWork(folder, owner, now))) {
    const { token: _, ...shown } = owner;
    return { state: 'running', step, owner: shown, phase };
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
  const last = events.findLast(isOfLife);
  return isFinished(last, names) ? last.step : undefined;
}

/** What begins or ends the work of a process; runs of earlier versions say `started` alone when one begins. */
const lifeEvents: ReadonlySet<string> = new Set([
  ...['begun', 'started', 'step'],
  ...['interrupted', 'failed', 'finished'],
]);

/** Whether an event decides what a run is doing. */
export function isOfLife({ type }: RecordedEvent): boolean {
  return lifeEvents.has(type);
}

type Finished = Extract<RecordedEvent, { readonly type: 'finished' }>;

function isFinished(last: RecordedEvent | undefined, names: readonly string[]): last is Finished {
  return last?.type === 'finished' && names.includes(runNames.adapter);
}

function phaseOf(events: readonly RecordedEvent[]): string {
  return events.reduce(phaseAfter, firstPhase);
}

/** Before a run has told of any. */
export const firstPhase = 'beginning';

/** The phase after an event. */
export function phaseAfter(phase: string, event: RecordedEvent): string {
  if (event.type === 'phase') return event.phase;
  return event.type === 'begun' ? firstPhase : phase;
}

async function readFolder(folder: string) {
  const names = await namesIn(folder);
  const events = names.includes(runNames.events) ? await readEvents(runPaths(folder).events) : [];
  return { names, events };
}
