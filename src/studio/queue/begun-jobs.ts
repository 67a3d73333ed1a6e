/** @file Jobs whose process was begun here: how each ends is written down, and a training that broke may go on by itself. */
import { join } from '../../platform/paths.ts';
import { identityOf } from '../../storage/process-identity.ts';
import type { DetachedProcess } from '../processes/detached-work.ts';
import type { Runs } from '../runs/runs.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { brokeOff, reachedStep } from './broken-training.ts';
import { changeJob, hasOwnRun, type JobRecord, type KeptJob, readJob } from './job-file.ts';
import { hasBegun, startTrainer } from './trainer-process.ts';

interface BegunJobsOptions {
  readonly work: WorkFolder;
  readonly runs: Runs;
  readonly feed: EventFeed;
  readonly host: StudioHost;
  /** Frees memory before a training begins. */
  readonly makeRoom: () => Promise<void>;
  /** Does what changes the queue, after what changes it already. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
}

interface Begun {
  /** What its file says once its process has ended. */
  readonly ended: NonNullable<JobRecord['begun']>;
  /** Step that its run could be gone on with from when it was begun. */
  readonly reached: number;
}

export class BegunJobs {
  readonly #options: BegunJobsOptions;
  readonly #ids = new Set<string>();

  constructor(options: BegunJobsOptions) {
    this.#options = options;
  }

  /** Of those whose process has not ended. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  async begin(kept: KeptJob): Promise<void> {
    const { work } = this.#options;
    // Before its file says that it has begun: nobody would look after it until its process is there.
    this.#ids.add(kept.id);
    const reached = await reachedStep(this.#runOf(kept));
    const child = await this.#started(kept).catch((error) => {
      this.#leave(kept);
      throw error;
    });
    const process = child.pid === undefined ? {} : { process: identityOf(child.pid) };
    void child.ended.then((end) => this.#end(kept, { ended: { ...process, ended: end }, reached }));
    await changeJob(work.queue, kept.id, { begun: process });
  }

  async #started(kept: KeptJob): Promise<DetachedProcess> {
    const { work, runs, makeRoom } = this.#options;
    const run = this.#runOf(kept);
    const isFree = !(await hasBegun(run));
    const makes = kept.record.request.kind === 'train' && isFree ? { makesRun: true as const } : {};
    const record = { ...kept.record, ...makes };
    // That of somebody else is not.
    if (hasOwnRun(record)) runs.lookAfter(run);
    await changeJob(work.queue, kept.id, { begun: {}, ...makes });
    await makeRoom();
    return await startTrainer({ ...kept, record }, this.#options);
  }

  #end(kept: KeptJob, { ended, reached }: Begun): void {
    const { work, host, alone } = this.#options;
    const end = async () => {
      if (await this.#goesFurther(kept, reached).catch(() => false)) {
        const now = await readJob(work.queue, kept.id);
        if (now !== undefined) return await this.begin(now);
      }
      // It has ended also where that cannot be written, such as on a full disk.
      await changeJob(work.queue, kept.id, { begun: ended }).finally(() => this.#leave(kept));
    };
    void alone(end).catch((error) => host.log(`the queue: ${error}`));
  }

  /** Whether the training broke and is gone on with: never twice from one checkpoint, at which it would break again. */
  async #goesFurther(kept: KeptJob, reached: number): Promise<boolean> {
    const { host, runs } = this.#options;
    if (host.goesOnByItself !== true) return false;
    const run = this.#runOf(kept);
    const look = (await runs.list()).find(({ found }) => found.folder === run);
    return look !== undefined && brokeOff(look.journal) && (await reachedStep(run)) > reached;
  }

  #leave(kept: KeptJob): void {
    const { runs, feed } = this.#options;
    this.#ids.delete(kept.id);
    runs.leave(this.#runOf(kept));
    feed.publish({ type: 'changed', what: 'runs' });
  }

  #runOf({ record }: KeptJob): string {
    return join(this.#options.work.folder, record.run);
  }
}
