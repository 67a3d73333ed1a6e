/** @file The queue of trainings: it lies in the work folder, and whoever serves the folder works it off. */
import { KronaError, RunError } from '../../base/errors.ts';
import { Turns } from '../../base/turns.ts';
import { createHash, randomHex } from '../../platform/hashes.ts';
import { join } from '../../platform/paths.ts';
import { sleep } from '../../platform/waiting.ts';
import { createFolder, removeFolder } from '../../storage/files/folders.ts';
import type { Job, JobRequest } from '../interface/job-operations.ts';
import type { FoundModels } from '../models/found-models.ts';
import type { RunLook } from '../runs/known-run.ts';
import type { Runs } from '../runs/runs.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { BegunJobs } from './begun-jobs.ts';
import { frozenJob } from './frozen-job.ts';
import { changeJob, hasOwnRun, jobPaths, type KeptJob, readJobs, writeJob } from './job-file.ts';
import { jobState } from './job-state.ts';
import { type Lanes, laneOf, laneOfRun } from './lanes.ts';
import { endTrainer } from './trainer-process.ts';

/** Milliseconds between looks, while something waits or is trained. */
const often = 500;
/** Milliseconds otherwise: another Studio on the folder, or a terminal, may change something. */
const seldom = 3000;

export interface QueueOptions {
  readonly work: WorkFolder;
  readonly runs: Runs;
  readonly models: FoundModels;
  readonly feed: EventFeed;
  readonly host: StudioHost;
  readonly lanes: Lanes;
  readonly others: QueueOthers;
}

/** The rest of Studio, as far as trainings have to do with it. */
export interface QueueOthers {
  /** Devices that compute something else at the moment, also without a lane. */
  readonly computing: () => Promise<readonly string[]>;
  /** Frees memory before a training begins. */
  readonly makeRoom: () => Promise<void>;
  /** Told of each training that has finished, once. */
  readonly onFinished: (job: Job) => Promise<void>;
}

interface SeenJob {
  readonly kept: KeptJob;
  readonly job: Job;
}

/** Works off the jobs until it is disposed of; their processes go on then. */
export class Queue implements AsyncDisposable {
  readonly #options: QueueOptions;
  readonly #lanes: Lanes;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;
  /** Changes of the queue wait for each other. */
  readonly #turns = new Turns(1);
  /** Those whose process was started here, and has not ended. */
  readonly #begun: BegunJobs;
  #told = '';
  #isActive = true;
  #wake = new AbortController();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#lanes = options.lanes;
    this.#begun = new BegunJobs({
      ...options,
      makeRoom: options.others.makeRoom,
      alone: (work) => this.#alone(work),
    });
    this.#done = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async list(): Promise<readonly Job[]> {
    return (await this.#seen()).map(({ job }) => job);
  }

  /** Adds a job at the end. @throws what is wrong with its settings */
  async add(request: JobRequest): Promise<Job> {
    return await this.#alone(async () => {
      const { work, runs, models } = this.#options;
      const { jobs } = await readJobs(work.queue);
      const frozen = await frozenJob(request, { work, runs, models });
      const id = randomHex(6);
      const order = Math.floor(jobs.at(-1)?.record.order ?? 0) + 1;
      const paths = jobPaths(work.queue, id);
      const record = { ...frozen, order };
      await createFolder(paths.folder);
      await writeJob(paths, record).catch(async (error) => {
        await removeFolder(paths.folder);
        throw error;
      });
      this.#wake.abort();
      const looks = await runs.list();
      return (await this.#look({ id, paths, record }, { looks, ours: this.#begun.ids })).job;
    });
  }

  /** @param before id of another; null for the end */
  async move(id: string, before: string | null): Promise<void> {
    await this.#alone(async () => {
      await this.#get(id);
      const others = (await this.#seen()).filter(({ job }) => job.id !== id);
      const at = before === null ? others.length : others.findIndex(({ job }) => job.id === before);
      if (at === -1) throw notHere('job', String(before));
      const last = others[at - 1]?.kept.record.order;
      const next = others[at]?.kept.record.order;
      await changeJob(this.#options.work.queue, id, { order: between(last, next) });
    });
  }

  /** Ends its process where there is no run yet, such as while a model is fetched. @throws RunError JOB_RUNNING */
  async remove(id: string): Promise<void> {
    await this.#alone(async () => {
      const { kept, job } = await this.#get(id);
      if (job.state === 'running') {
        if (job.run !== undefined) {
          const { title } = job;
          throw new RunError('JOB_RUNNING', `${title} is being trained; stop its run first`, {
            details: { title },
          });
        }
        await endTrainer(kept.record);
      }
      await removeFolder(kept.paths.folder);
    });
  }

  /** @throws RunError JOB_NOT_HELD */
  async retry(id: string): Promise<void> {
    await this.#alone(async () => {
      const { kept, job } = await this.#get(id);
      if (job.state !== 'held' && job.state !== 'failed') {
        throw new RunError(
          'JOB_NOT_HELD',
          `${job.title} is ${job.state}; there is nothing to retry`,
          { details: { title: job.title } },
        );
      }
      const { begun: _, ...record } = kept.record;
      await writeJob(kept.paths, record);
      this.#wake.abort();
    });
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    return await this.#turns.take(work).finally(() => void this.#tell().catch(() => {}));
  }

  async #get(id: string): Promise<SeenJob> {
    const found = (await this.#seen()).find(({ job }) => job.id === id);
    if (found === undefined) throw notHere('job', id);
    return found;
  }

  async #seen(): Promise<readonly SeenJob[]> {
    const { work, runs } = this.#options;
    // Before the files: an end that is told meanwhile is either in them or not yet one. And after: so is a beginning.
    const before = [...this.#begun.ids];
    const { jobs } = await readJobs(work.queue);
    const ours = new Set([...before, ...this.#begun.ids]);
    if (jobs.length === 0) return [];
    const looks = await runs.list();
    return await Promise.all(jobs.map((job) => this.#look(job, { looks, ours })));
  }

  async #look(
    kept: KeptJob,
    { looks, ours }: { readonly looks: readonly RunLook[]; readonly ours: ReadonlySet<string> },
  ): Promise<SeenJob> {
    const { id, record } = kept;
    const folder = join(this.#options.work.folder, record.run);
    const run = hasOwnRun(record) ? looks.find(({ found }) => found.folder === folder) : undefined;
    const state = await jobState(kept, { run: run?.state, isOurs: ours.has(id) });
    const { request, title } = record;
    const isBegun = state.state !== 'waiting' || request.kind === 'resume';
    return {
      kept,
      job: { ...state, id, request, title, run: isBegun ? run?.found.id : undefined },
    };
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#alone(() => this.#step());
      } catch (error) {
        this.#options.host.log(`the queue: ${error instanceof KronaError ? error.message : error}`);
      }
      this.#wake = new AbortController();
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      const pause = this.#isActive ? often : seldom;
      await sleep(pause, undefined, { signal: woken, ref: false }).catch(() => {});
    }
  }

  /** Begins what can begin. */
  async #step(): Promise<void> {
    const seen = await this.#seen();
    await this.#tellFinished(seen);
    this.#isActive = seen.some(({ job }) => job.state === 'waiting' || job.state === 'running');
    const lanesOf = (state: Job['state']) =>
      new Set(
        seen.filter(({ job }) => job.state === state).map(({ kept }) => laneOf(kept.record.device)),
      );
    const running = lanesOf('running');
    for (const lane of running) await this.#lanes.take(lane, 'training');
    const busy = new Set(running);
    if (seen.some(({ job }) => job.state === 'waiting')) {
      for (const device of await this.#options.others.computing()) busy.add(laneOf(device));
      // Those of a terminal compute too.
      for (const run of await this.#options.runs.list()) {
        if (run.state.state === 'running') busy.add(laneOfRun(run));
      }
    }
    for (const { kept, job } of seen) {
      const lane = laneOf(kept.record.device);
      if (job.state !== 'waiting' || busy.has(lane) || this.#ending.signal.aborted) continue;
      busy.add(lane);
      if (await this.#lanes.take(lane, 'training')) {
        running.add(lane);
        await this.#begun.begin(kept);
      }
    }
    await this.#lanes.keepOnly(running, 'training');
  }

  /** Marked first: a failure is not tried again for ever. */
  async #tellFinished(seen: readonly SeenJob[]): Promise<void> {
    const { others, host, work } = this.#options;
    for (const { kept, job } of seen) {
      const { request, drawn } = kept.record;
      if (job.state !== 'done' || request.kind !== 'train' || drawn) continue;
      await changeJob(work.queue, kept.id, { drawn: true });
      await others.onFinished(job).catch((error) => {
        host.log(`the pictures of ${job.title}: ${error instanceof Error ? error.message : error}`);
      });
    }
  }

  /** Tells pages where anything is other than it was. */
  async #tell(): Promise<void> {
    const jobs = await this.list();
    const now = createHash('sha256').update(JSON.stringify(jobs)).digest('hex');
    if (now === this.#told) return;
    this.#told = now;
    this.#options.feed.publish({ type: 'changed', what: 'jobs' });
  }
}

/** A number between two, or beyond one. */
function between(last: number | undefined, next: number | undefined): number {
  if (last === undefined) return (next ?? 1) - 1;
  return next === undefined ? last + 1 : (last + next) / 2;
}
