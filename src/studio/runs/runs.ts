/** @file All runs of the work folder. Nothing of them is stored: they are looked for, and looked at, each time. */
import { addressOfFolder } from '../../platform/control-address.ts';
import { hostname, processId } from '../../platform/machine.ts';
import type { RecordedEvent } from '../../train/events.ts';
import { firstPhase } from '../../train/folder/run-state.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { findRuns } from './find-runs.ts';
import { KnownRun, type RunLook } from './known-run.ts';

export class Runs {
  readonly #work: WorkFolder;
  readonly #host: StudioHost;
  /** What was read of each, by its folder. */
  readonly #known = new Map<string, KnownRun>();
  /** Folders of those that a process of this Studio works on, or is about to. */
  readonly #lookedAfter = new Set<string>();
  /** Events that came since the runs were first looked at, by the run's id, until they are taken. */
  #news = new Map<string, RecordedEvent[]>();

  constructor(work: WorkFolder, host: StudioHost) {
    this.#work = work;
    this.#host = host;
  }

  /** Every run, the latest first. */
  async list(): Promise<readonly RunLook[]> {
    const looks = await Promise.all((await this.find()).map((run) => this.look(run)));
    return looks.sort((a, b) => b.changed - a.changed);
  }

  /** One run by its id. @throws ConfigError NOT_HERE */
  async get(id: string): Promise<RunLook> {
    const run = (await this.find()).find(({ found }) => found.id === id);
    if (run === undefined) throw notHere('run', id);
    return await this.look(run);
  }

  /** What there is at the moment. */
  async find(): Promise<readonly KnownRun[]> {
    const found = await findRuns(this.#work);
    const folders = new Set(found.map(({ folder }) => folder));
    for (const folder of this.#known.keys()) {
      if (!folders.has(folder)) this.#known.delete(folder);
    }
    return found.map((each) => {
      const known =
        this.#known.get(each.folder) ??
        new KnownRun(each, (events) => {
          this.#news.set(each.id, [...(this.#news.get(each.id) ?? []), ...events]);
        });
      this.#known.set(each.folder, known);
      return known;
    });
  }

  /** The events that came since the last call. */
  takeNews(): ReadonlyMap<string, readonly RecordedEvent[]> {
    const news = this.#news;
    this.#news = new Map();
    return news;
  }

  /** From now on a process of this Studio works on the run of a folder, or is about to. */
  lookAfter(folder: string): void {
    this.#lookedAfter.add(folder);
  }

  /** No longer. */
  leave(folder: string): void {
    this.#lookedAfter.delete(folder);
  }

  async look(run: KnownRun): Promise<RunLook> {
    const now = this.#host.now();
    const look = await run.look(now);
    const { folder } = run.found;
    const { state, step } = look.state;
    if (!this.#lookedAfter.has(folder) || state === 'running' || state === 'finished') return look;
    // Between two processes nobody is at work, and yet it needs nobody to go on.
    const control = await addressOfFolder(folder);
    const startedAt = new Date(now).toISOString();
    const owner = { pid: processId, host: hostname(), startedAt, control };
    return { ...look, state: { state: 'running', step, owner, phase: firstPhase } };
  }
}
