/** @file Looks that are repeated while somebody watches, so that every page hears what is other than it was. */
import { KronaError } from '../../base/errors.ts';
import { sleep } from '../../platform/waiting.ts';
import type { EventFeed } from './event-feed.ts';
import type { StudioHost } from './studio-host.ts';

interface WatchOptions {
  readonly feed: EventFeed;
  readonly host: Pick<StudioHost, 'log'>;
  readonly what: 'runs' | 'sweeps';
  /** Milliseconds between two looks. */
  readonly pause: number;
  /** Looks, and says in `tell` what there is: a text for each id, which is another one where a page shows something else. */
  readonly look: (tell: (seen: ReadonlyMap<string, string>) => void) => Promise<void>;
  /** Instead of a look while nobody watches. */
  readonly rest?: () => void;
}

/** Looks until it is disposed of; while nobody listens to the feed, it rests. */
export class Watch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;
  /** What was there at the last look; undefined before the first. */
  #seen: ReadonlyMap<string, string> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#done = this.#work();
  }

  /** Whether nothing is told any more. */
  get isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async #work(): Promise<void> {
    const { feed, pause, rest } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      if (feed.listeners > 0) await this.#look();
      else rest?.();
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { look, host, what } = this.#options;
    try {
      await look((seen) => this.#tell(seen));
    } catch (error) {
      // A folder that is just being removed, or damaged: the list says so.
      if (!(error instanceof KronaError)) host.log(`watching ${what}: ${error}`);
    }
  }

  #tell(seen: ReadonlyMap<string, string>): void {
    const { feed, what } = this.#options;
    const before = this.#seen;
    this.#seen = seen;
    // A page that came before the first look, such as one that was open when the server was started again, may have
    // asked before things became what they are now.
    if (before === undefined) {
      feed.publish({ type: 'changed', what });
      return;
    }
    for (const id of new Set([...seen.keys(), ...before.keys()])) {
      if (seen.get(id) !== before.get(id)) feed.publish({ type: 'changed', what, id });
    }
  }
}
