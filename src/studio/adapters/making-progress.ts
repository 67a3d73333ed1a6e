/** @file How far the adapter is that is being made, told no oftener than a page shows it. */
import type { AdapterInMaking } from '../interface/adapter-operations.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { AdapterEvent } from './adapter-question.ts';

/** Milliseconds between two tellings. */
const betweenTellings = 250;

export class MakingProgress {
  readonly #feed: EventFeed;
  readonly #now: () => number;
  #toldAt = Number.NEGATIVE_INFINITY;
  #current: AdapterInMaking | undefined;

  /** @param now milliseconds since 1970 began */
  constructor(feed: EventFeed, now: () => number) {
    this.#feed = feed;
    this.#now = now;
  }

  get current(): AdapterInMaking | undefined {
    return this.#current;
  }

  /** Tells of an adapter while it is being made. */
  async of<Made>(
    name: string,
    make: (listener: (event: AdapterEvent) => void) => Promise<Made>,
  ): Promise<Made> {
    try {
      return await make((event) => this.#after(name, event));
    } finally {
      this.#current = undefined;
      this.#feed.publish({ type: 'making', adapter: null });
    }
  }

  #after(name: string, event: AdapterEvent): void {
    if (event.type !== 'comparing' && event.type !== 'fitting') return;
    const { type: phase, done, total } = event;
    const isNew = phase !== this.#current?.phase;
    this.#current = { name, phase, share: done / total };
    if (!isNew && this.#now() - this.#toldAt < betweenTellings) return;
    this.#toldAt = this.#now();
    this.#feed.publish({ type: 'making', adapter: this.#current });
  }
}
