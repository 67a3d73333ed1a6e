/** @file A sweep of the work folder: its state worked out of its files and of who carries it out. */
import { KronaError } from '../../base/errors.ts';
import { sweepOwner } from '../../experiments/sweep/run/sweep-owner.ts';
import { parseYaml } from '../../formats/yaml-text.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';
import type { Owner } from '../../storage/ownership.ts';
import { timeOfPath } from '../../storage/path-kind.ts';
import { isLiving } from '../../storage/process-identity.ts';
import type {
  SweepDetail,
  SweepState,
  SweepSummary,
  SweepTask,
} from '../interface/experiment-operations.ts';
import { type Begun, readBegun } from './begun-file.ts';
import type { SweepPaths } from './sweep-folders.ts';
import { SweepJournal } from './sweep-journal.ts';

/** A sweep at a moment. */
export interface SweepLook {
  readonly id: string;
  readonly paths: SweepPaths;
  readonly summary: SweepSummary;
  /** The process that carries it out, once it listens. */
  readonly owner: Owner | undefined;
  /** Whether a process of it is there, also before it listens and after. */
  readonly isRunning: boolean;
  readonly begun: Begun | undefined;
  /** How many events have been read: what is shown of tasks changes with it. */
  readonly events: number;
  /** Whether there are results that the report does not have. */
  readonly wantsReport: boolean;
}

/** Errors with which a process ends in good order. */
const goodEnds = ['INTERRUPTED', 'SWEEP_STOPPED', 'SWEEP_INCOMPLETE', 'SWEEP_IN_USE'];

/** Looks at one sweep, reading only what changed since the last time. */
export class KnownSweep {
  readonly id: string;
  readonly paths: SweepPaths;
  readonly #journal: SweepJournal;

  constructor(id: string, paths: SweepPaths) {
    this.id = id;
    this.paths = paths;
    this.#journal = new SweepJournal(paths.events);
  }

  async look(now: number): Promise<SweepLook> {
    const { id, paths } = this;
    // Before the events: a process that ends between the two has told everything by then.
    const owner = await sweepOwner(paths.place, now);
    const begun = await readBegun(paths.begun);
    const isRunning =
      owner !== undefined || (begun?.process !== undefined && isLiving(begun.process) === true);
    const problem = await this.#journal.refresh().then(() => undefined, failureOf);
    const [results, report] = await Promise.all([paths.results, paths.reportPage].map(timeOfPath));
    const tasks = tasksOf(this.#journal, isRunning);
    const count = (state: SweepTask['state']) =>
      tasks.filter((task) => task.state === state).length;
    const state = problem ?? this.#stateOf(tasks, isRunning, begun);
    const changed = Math.max(
      ...(await Promise.all([paths.sweep, paths.events, paths.results].map(timeOfPath))),
    );
    const summary: SweepSummary = {
      ...{ id, state, changed, done: count('done'), total: tasks.length, failed: count('failed') },
      title: titleOf(await readSource(paths)) ?? id,
      secondsLeft: owner && this.#secondsLeft((now - Date.parse(owner.startedAt)) / 1000),
      hasReport: (report ?? 0) > 0,
    };
    const wantsReport = !isRunning && (results ?? 0) > (report ?? 0);
    const { events } = this.#journal;
    return { id, paths, summary, owner, isRunning, begun, events, wantsReport };
  }

  /** All of a sweep that was just looked at. */
  async detail({
    summary,
    isRunning,
    begun,
    paths,
  }: SweepLook): Promise<Omit<SweepDetail, 'reportProblem' | 'waitsFor'>> {
    const said = (await readTextIfPresent(paths.log).catch(() => undefined)) ?? '';
    const report = await timeOfPath(paths.reportPage);
    return {
      ...summary,
      source: await readSource(paths),
      tasks: tasksOf(this.#journal, isRunning).map(({ key: _, ...task }) => task),
      workers: begun?.workers,
      log: [...this.#journal.notes, ...said.split('\n').filter((line) => line.trim() !== '')].slice(
        -200,
      ),
      reportVersion: report === 0 ? undefined : Math.floor(report),
    };
  }

  #stateOf(tasks: readonly SweepTask[], isRunning: boolean, begun: Begun | undefined): SweepState {
    if (isRunning) return { state: 'running' };
    if (begun?.waiting !== undefined) return { state: 'waiting' };
    const { error, isStarted, isPlanned, isCollected } = this.#journal;
    if (error !== undefined && !goodEnds.includes(error.code)) return { state: 'failed', ...error };
    if (!isPlanned && error !== undefined) return { state: 'stopped' };
    if (!isStarted) return { state: 'new' };
    if (!isPlanned || !isCollected) return { state: 'ended unexpectedly' };
    if (tasks.every(({ state }) => state === 'done')) return { state: 'finished' };
    return { state: tasks.some(({ state }) => state === 'waiting') ? 'stopped' : 'incomplete' };
  }

  /** As the tasks so far went; undefined until one is done. */
  #secondsLeft(elapsed: number): number | undefined {
    const { open, done } = this.#journal.pace;
    return done < 1 ? undefined : (elapsed / done) * (open - done);
  }
}

/** What a process that is gone was doing waits for the next one. */
function tasksOf({ tasks }: SweepJournal, isRunning: boolean) {
  if (isRunning) return tasks;
  const waiting = { state: 'waiting', worker: undefined, progress: undefined } as const;
  return tasks.map((task) => (task.state === 'running' ? { ...task, ...waiting } : task));
}

/** The file as it was typed. */
async function readSource({ source, sweep }: SweepPaths): Promise<string> {
  return (await readTextIfPresent(source)) ?? (await readTextIfPresent(sweep)) ?? '';
}

/** What a sweep's file says that it asks. */
export function titleOf(source: string): string | undefined {
  try {
    const value = parseYaml(source, (problem) => new Error(problem));
    const title = typeof value === 'object' && value !== null && 'title' in value && value.title;
    return typeof title === 'string' ? title : undefined;
  } catch {
    return undefined;
  }
}

/** Damage is a state as any other: it must not hide the other sweeps. */
function failureOf(error: unknown): SweepState {
  if (!(error instanceof KronaError)) throw error;
  return { state: 'failed', code: error.code, message: error.message };
}
