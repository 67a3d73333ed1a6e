/** @file Follows the runs while somebody watches, and tells what happens in them. */
import { KronaError } from '../../base/errors.ts';
import { sleep } from '../../platform/waiting.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { KnownRun } from './known-run.ts';
import type { Runs } from './runs.ts';

/** Milliseconds between looks at a run that is being worked on: at most four messages a second. */
const often = 300;
/** Looks after which all are looked for anew. */
const seldom = 10;

interface WatchOptions {
  readonly runs: Runs;
  readonly feed: EventFeed;
  readonly host: StudioHost;
}

/** Looks until it is disposed of; while nobody listens, it rests. */
export class RunWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;
  /** State of each run when it was last looked at, by its id. */
  #states = new Map<string, string>();
  #running: readonly KnownRun[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#done = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending;
    for (let count = 0; !signal.aborted; count++) {
      if (this.#options.feed.listeners > 0) await this.#look(count % seldom === 0);
      else this.#options.runs.takeNews();
      await sleep(often, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #look(atAll: boolean): Promise<void> {
    const { runs, feed } = this.#options;
    try {
      if (atAll) await this.#lookAtAll();
      for (const { journal } of this.#running) await journal.refresh();
      for (const [run, events] of runs.takeNews()) feed.publish({ type: 'run', run, events });
    } catch (error) {
      // A folder that is just being removed, or damaged: the list says so.
      if (!(error instanceof KronaError)) this.#options.host.log(`watching runs: ${error}`);
    }
  }

  async #lookAtAll(): Promise<void> {
    const { runs, feed } = this.#options;
    const states = new Map<string, string>();
    const running: KnownRun[] = [];
    for (const run of await runs.find()) {
      const { state } = await runs.look(run);
      states.set(run.found.id, state.state);
      if (state.state === 'running') running.push(run);
    }
    const isFirst = this.#states.size === 0;
    const ids = new Set([...states.keys(), ...this.#states.keys()]);
    for (const id of isFirst ? [] : ids) {
      if (states.get(id) !== this.#states.get(id))
        feed.publish({ type: 'changed', what: 'runs', id });
    }
    this.#states = states;
    this.#running = running;
  }
}
