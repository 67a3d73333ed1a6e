/** @file Follows the sweeps while somebody watches, tells what happens in them, and has their reports written at their end. */
import { KronaError } from '../../base/errors.ts';
import { sleep } from '../../platform/waiting.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { SweepLook } from './known-sweep.ts';
import type { Sweeps } from './sweeps.ts';

/** Milliseconds between looks. */
const often = 1000;

interface WatchOptions {
  readonly sweeps: Sweeps;
  readonly feed: EventFeed;
  readonly host: StudioHost;
}

/** Looks until it is disposed of; while nobody listens, it rests. */
export class SweepWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;
  /** What was told of each sweep, by its id. */
  #told = new Map<string, string>();
  /** Reports that were tried, by the id and the time of the results. */
  readonly #tried = new Set<string>();

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
    while (!signal.aborted) {
      if (this.#options.feed.listeners > 0) await this.#look();
      await sleep(often, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { sweeps, feed, host } = this.#options;
    try {
      const looks = await sweeps.list();
      const told = new Map(looks.map((look) => [look.id, JSON.stringify(signatureOf(look))]));
      const isFirst = this.#told.size === 0;
      for (const id of isFirst ? [] : new Set([...told.keys(), ...this.#told.keys()])) {
        if (told.get(id) !== this.#told.get(id)) {
          feed.publish({ type: 'changed', what: 'sweeps', id });
        }
      }
      this.#told = told;
      for (const look of looks) if (look.wantsReport) this.#report(look);
    } catch (error) {
      // A folder that is just being removed: the list says so.
      if (!(error instanceof KronaError)) host.log(`watching sweeps: ${error}`);
    }
  }

  /** A report that cannot be written is asked for again when there are other results. */
  #report({ id, summary }: SweepLook): void {
    const key = `${id} ${summary.changed}`;
    if (this.#tried.has(key)) return;
    this.#tried.add(key);
    const { sweeps, host } = this.#options;
    sweeps.report(id).catch((error) => {
      if (!this.#ending.signal.aborted) host.log(`the report of ${id}: ${error}`);
    });
  }
}

/** What a page shows of a sweep; time passes without it. */
function signatureOf({ summary, events }: SweepLook): unknown {
  const { secondsLeft: _, ...shown } = summary;
  return { ...shown, events };
}
