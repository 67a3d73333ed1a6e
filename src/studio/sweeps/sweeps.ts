/** @file All sweeps of the work folder. What they do is looked at each time; only files are kept. */
import { RunError } from '../../base/errors.ts';
import { tellSweep } from '../../experiments/sweep/run/sweep-owner.ts';
import type { ChildProcess } from '../../platform/processes.ts';
import { sleep } from '../../platform/waiting.ts';
import { writeFolderAtomic } from '../../storage/files/atomic-folder.ts';
import { createFolder, namesIn, removeFolder } from '../../storage/files/folders.ts';
import { putOutOfSight } from '../../storage/files/temporary.ts';
import { identityOf, isLiving } from '../../storage/process-identity.ts';
import type { SweepCheck, SweepDetail, SweepSummary } from '../interface/experiment-operations.ts';
import { laneOf, runOnLaneOf } from '../queue/lanes.ts';
import type { Runs } from '../runs/runs.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { Turns } from '../work/turns.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { writeBegun } from './begun-file.ts';
import { KnownSweep, type SweepLook, titleOf } from './known-sweep.ts';
import { newSweepId } from './new-sweep-id.ts';
import { SweepChecks } from './sweep-checks.ts';
import { sweepIds, sweepPaths } from './sweep-folders.ts';
import { startSweep } from './sweep-process.ts';
import { sweepFiles } from './sweep-source.ts';

/** Milliseconds between looks at a process that begins or ends. */
const betweenLooks = 100;

interface SweepsOptions {
  readonly work: WorkFolder;
  readonly runs: Runs;
  readonly feed: EventFeed;
  readonly host: StudioHost;
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
  /** Why the last report could not be written, by the sweep. */
  readonly #reportProblems = new Map<string, string>();
  /** What begins, makes and removes waits for each other. */
  readonly #turns = new Turns(1);

  constructor(options: SweepsOptions) {
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
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
    return { ...detail, reportProblem: this.#reportProblems.get(id) };
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

  /** Begins a sweep, or goes on with it. @throws RunError SWEEP_IN_USE, DEVICE_BUSY */
  async start(id: string, { workers, device }: StartOptions): Promise<SweepSummary> {
    return await this.#turns.take(async () => {
      const { host } = this.#options;
      const { isRunning, summary, paths } = await this.get(id);
      if (isRunning) {
        throw new RunError(
          'SWEEP_IN_USE',
          `${summary.title}: it is running already; wait until it ends, or stop it`,
        );
      }
      await this.#requireFree(device);
      const begun = { workers, device };
      await writeBegun(paths.begun, begun);
      const child = await startSweep(paths, begun, host);
      if (child.pid !== undefined) {
        await writeBegun(paths.begun, { ...begun, process: identityOf(child.pid) });
      }
      await this.#begun(id, child);
      this.#tell(id);
      return (await this.get(id)).summary;
    });
  }

  /** Tells a sweep to stop, and waits until its processes are gone; told again meanwhile, it ends at once. */
  async stop(id: string): Promise<SweepSummary> {
    const { ending } = this.#options;
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
        throw new RunError('SWEEP_IN_USE', `${summary.title}: it is running; stop it first`);
      }
      const aside = await putOutOfSight(paths.folder);
      this.#tell(id);
      await removeFolder(aside);
    });
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

  /** One heavy work at a time on a device. @throws RunError DEVICE_BUSY */
  async #requireFree(device: string): Promise<void> {
    const { runs } = this.#options;
    const refuse = (name: string) => {
      throw new RunError(
        'DEVICE_BUSY',
        `${name} is being worked on, and two at once would only slow each other down; wait until it ends, or stop it`,
      );
    };
    const training = runOnLaneOf(device, await runs.list());
    if (training !== undefined) refuse(training.found.name);
    const sweep = (await this.list()).find(
      ({ isRunning, begun }) => isRunning && laneOf(begun?.device ?? 'cpu') === laneOf(device),
    );
    if (sweep !== undefined) refuse(sweep.summary.title);
  }

  /** Waits until a process holds the sweep, or is gone. */
  async #begun(id: string, child: ChildProcess): Promise<void> {
    const { ending, host } = this.#options;
    child.once('error', (error) => host.log(`a sweep could not be started: ${error.message}`));
    const isGone = () =>
      child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    while (!isGone() && !ending.aborted) {
      const { owner } = await this.get(id);
      if (owner !== undefined) return;
      await sleep(betweenLooks);
    }
  }

  #tell(id: string): void {
    this.#options.feed.publish({ type: 'changed', what: 'sweeps', id });
  }
}
