/** @file All sweeps of the work folder. What they do is looked at each time; only files are kept. */
import { RunError } from '../../base/errors.ts';
import { Turns } from '../../base/turns.ts';
import { tellSweep } from '../../experiments/sweep/run/sweep-owner.ts';
import { sleep } from '../../platform/waiting.ts';
import { writeFolderAtomic } from '../../storage/files/atomic-folder.ts';
import { createFolder, namesIn, removeFolder } from '../../storage/files/folders.ts';
import { putOutOfSight } from '../../storage/files/temporary.ts';
import { identityOf, isLiving } from '../../storage/process-identity.ts';
import type { SweepCheck, SweepDetail, SweepSummary } from '../interface/experiment-operations.ts';
import type { WaitsFor } from '../interface/operation-shapes.ts';
import type { DeviceTurns } from '../queue/device-turns.ts';
import { type Lanes, laneOf } from '../queue/lanes.ts';
import type { Runs } from '../runs/runs.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { type Begun, writeBegun } from './begun-file.ts';
import { KnownSweep, type SweepLook, titleOf } from './known-sweep.ts';
import { newSweepId } from './new-sweep-id.ts';
import { SweepChecks } from './sweep-checks.ts';
import { sweepIds, sweepPaths } from './sweep-folders.ts';
import { startSweep, untilSweepListens } from './sweep-process.ts';
import { sweepFiles } from './sweep-source.ts';

/** Milliseconds between looks at a process that ends. */
const betweenLooks = 100;
/** Milliseconds between looks at what waits and what computes. */
const betweenTurns = 1000;

interface SweepsOptions {
  readonly work: WorkFolder;
  readonly runs: Runs;
  readonly feed: EventFeed;
  readonly host: StudioHost;
  readonly devices: DeviceTurns;
  readonly lanes: Lanes;
  /** Aborted when the server ends: nothing waits longer. */
  readonly ending: AbortSignal;
}

export interface StartOptions {
  readonly workers: number;
  readonly device: string;
}

export class Sweeps implements AsyncDisposable {
  readonly #options: SweepsOptions;
  readonly #checks = new SweepChecks();
  readonly #known = new Map<string, KnownSweep>();
  /** Those that were asked to stop, until they have. */
  readonly #stopping = new Set<string>();
  /** What the devices of those that wait are busy with. */
  readonly #waitsFor = new Map<string, WaitsFor>();
  /** Why the last report could not be written, by the sweep. */
  readonly #reportProblems = new Map<string, string>();
  /** What begins, makes and removes waits for each other. */
  readonly #turns = new Turns(1);

  readonly #done: Promise<void>;

  constructor(options: SweepsOptions) {
    this.#options = options;
    this.#done = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#done;
    await this.#checks[Symbol.asyncDispose]();
  }

  /** Every sweep, the latest first. */
  async list(): Promise<readonly SweepLook[]> {
    const { work, host } = this.#options;
    const ids = await sweepIds(work);
    for (const id of this.#known.keys()) if (!ids.includes(id)) this.#known.delete(id);
    const looks = await Promise.all(ids.map((id) => this.#sweep(id).look(host.now())));
    return looks.sort((a, b) => b.summary.changed - a.summary.changed);
  }

  /** @throws ConfigError NOT_HERE */
  async get(id: string): Promise<SweepLook> {
    const { work, host } = this.#options;
    if (!(await sweepIds(work)).includes(id)) throw notHere('sweep', id);
    return await this.#sweep(id).look(host.now());
  }

  async detail(id: string): Promise<SweepDetail> {
    const look = await this.get(id);
    const detail = await this.#sweep(id).detail(look);
    const isWaiting = detail.state.state === 'waiting';
    return {
      ...detail,
      reportProblem: this.#reportProblems.get(id),
      waitsFor: isWaiting ? this.#waitsFor.get(id) : undefined,
    };
  }

  /** What a sweep would be, or what is wrong with it. */
  async check(source: string): Promise<SweepCheck> {
    return await this.#checks.check(source, this.#options.work);
  }

  /** @throws ConfigError SWEEP_FILE and others of what is wrong with it */
  async create(source: string): Promise<SweepSummary> {
    return await this.#turns.take(async () => {
      const { work, host } = this.#options;
      const files = await sweepFiles(source, work);
      await this.#checks.require(files);
      const id = newSweepId(titleOf(source) ?? '', await namesIn(work.sweeps));
      const { folder } = sweepPaths(work, id);
      const bytes = Object.entries(files).map(([name, text]) => {
        return [name, new TextEncoder().encode(text)] as const;
      });
      await createFolder(work.sweeps);
      await writeFolderAtomic(folder, new Map(bytes));
      this.#tell(id);
      return (await this.#sweep(id).look(host.now())).summary;
    });
  }

  /** Begins a sweep, or goes on with it, once its device is free. @throws RunError SWEEP_IN_USE */
  async start(id: string, { workers, device }: StartOptions): Promise<SweepSummary> {
    return await this.#turns.take(async () => {
      const { host } = this.#options;
      const { isRunning, summary, paths } = await this.get(id);
      if (isRunning) {
        throw new RunError(
          'SWEEP_IN_USE',
          `${summary.title}: it is running already; wait until it ends, or stop it`,
          { details: { title: summary.title } },
        );
      }
      const begun = { workers, device, waiting: host.now() };
      await writeBegun(paths.begun, begun);
      await this.#beginIfFree(id, begun);
      this.#tell(id);
      return (await this.get(id)).summary;
    });
  }

  /** Tells a sweep to stop, or to wait no more, and waits until its processes are gone; told again meanwhile, it ends at once. */
  async stop(id: string): Promise<SweepSummary> {
    const { ending } = this.#options;
    await this.#waitNoMore(id);
    let look = await this.get(id);
    const waitWhile = async (isSo: () => boolean) => {
      while (isSo() && !ending.aborted) {
        await sleep(betweenLooks);
        look = await this.get(id);
      }
    };
    const command = this.#stopping.has(id) ? 'stop now' : 'stop';
    this.#stopping.add(id);
    try {
      // One that is just beginning listens in a moment.
      await waitWhile(() => look.isRunning && look.owner === undefined);
      const { owner, paths } = look;
      if (owner !== undefined) {
        const process = identityOf(owner.pid);
        await tellSweep(paths.place, { command }).catch((error) => {
          // It may have ended by itself meanwhile.
          if (!(error instanceof RunError && error.code === 'SWEEP_NOT_RUNNING')) throw error;
        });
        await waitWhile(() => look.isRunning || isLiving(process) !== false);
      }
    } finally {
      this.#stopping.delete(id);
    }
    this.#tell(id);
    return look.summary;
  }

  /** Writes the report of what is done so far. @throws what keeps it from being written */
  async report(id: string): Promise<SweepSummary> {
    const { paths } = await this.get(id);
    this.#reportProblems.delete(id);
    try {
      await this.#checks.report(paths);
    } catch (error) {
      this.#reportProblems.set(id, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#tell(id);
    }
    return (await this.get(id)).summary;
  }

  /** @throws RunError SWEEP_IN_USE */
  async remove(id: string): Promise<void> {
    await this.#turns.take(async () => {
      const { isRunning, summary, paths } = await this.get(id);
      if (isRunning) {
        const { title } = summary;
        throw new RunError('SWEEP_IN_USE', `${title}: it is running; stop it first`, {
          details: { title },
        });
      }
      const aside = await putOutOfSight(paths.folder);
      this.#tell(id);
      await removeFolder(aside);
    });
  }

  /** The title of the sweep that computes on a lane. */
  async runningOn(lane: string): Promise<string | undefined> {
    const looks = await this.list();
    const found = looks.find(
      ({ isRunning, begun }) => isRunning && laneOf(begun?.device ?? 'cpu') === lane,
    );
    return found?.summary.title;
  }

  /** Devices that sweeps compute on at the moment. */
  async busyDevices(): Promise<readonly string[]> {
    const looks = await this.list();
    return looks.flatMap(({ isRunning, begun }) => (isRunning ? (begun?.device ?? 'cpu') : []));
  }

  #sweep(id: string): KnownSweep {
    const known = this.#known.get(id) ?? new KnownSweep(id, sweepPaths(this.#options.work, id));
    this.#known.set(id, known);
    return known;
  }

  async #waitNoMore(id: string): Promise<void> {
    // One that is just beginning is not kept from it.
    if ((await this.get(id)).begun?.waiting === undefined) return;
    await this.#turns.take(async () => {
      const { begun, isRunning, paths } = await this.get(id);
      if (begun === undefined || isRunning) return;
      const { waiting: _, ...rest } = begun;
      await writeBegun(paths.begun, rest);
    });
  }

  /** Looks after lanes of what computes, and begins what waits, until the server ends. */
  async #work(): Promise<void> {
    const { ending, host } = this.#options;
    while (!ending.aborted) {
      await this.#turns
        .take(() => this.#step())
        .catch((error) => {
          host.log(`sweeps: ${error instanceof Error ? error.message : error}`);
        });
      await sleep(betweenTurns, undefined, { signal: ending, ref: false }).catch(() => {});
    }
  }

  async #step(): Promise<void> {
    const { lanes, ending } = this.#options;
    const looks = await this.list();
    const running = new Set<string>();
    for (const { isRunning, begun } of looks) {
      if (isRunning) running.add(laneOf(begun?.device ?? 'cpu'));
    }
    // Of those that another server began too.
    for (const lane of running) await lanes.take(lane, 'sweep');
    await lanes.keepOnly(running, 'sweep');
    const waiting = looks
      .flatMap(({ id, begun, isRunning }) =>
        begun?.waiting === undefined || isRunning ? [] : { id, ...begun },
      )
      .sort((a, b) => (a.waiting ?? 0) - (b.waiting ?? 0));
    for (const { id, ...begun } of waiting) if (!ending.aborted) await this.#beginIfFree(id, begun);
  }

  /** One heavy work at a time on a device. */
  async #beginIfFree(id: string, begun: Begun): Promise<void> {
    const { devices, ending, host } = this.#options;
    const busy = await devices.take(begun.device, 'sweep');
    const before = this.#waitsFor.get(id);
    if (busy !== undefined) {
      this.#waitsFor.set(id, busy);
      if (before === undefined || before.name !== busy.name) this.#tell(id);
      return;
    }
    this.#waitsFor.delete(id);
    const { paths } = await this.get(id);
    const { waiting: _, ...now } = begun;
    const child = await startSweep(paths, now, host);
    // It waits until there is a process: one that neither waits nor runs has ended.
    const { pid } = child;
    const known = pid === undefined ? {} : { process: identityOf(pid) };
    await writeBegun(paths.begun, { ...now, ...known });
    const isThere = async () => (await this.get(id)).owner !== undefined;
    await untilSweepListens(child, { isThere, ending });
    this.#tell(id);
  }

  #tell(id: string): void {
    this.#options.feed.publish({ type: 'changed', what: 'sweeps', id });
  }
}
