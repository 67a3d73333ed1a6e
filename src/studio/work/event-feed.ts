/** @file What happens in Studio, told to every page, and kept for a while for those whose connection broke. */
import { randomHex } from '../../platform/hashes.ts';
import type { StudioEvent } from '../interface/studio.ts';

/** An event with the id after which a page can go on. */
export interface FedEvent {
  readonly id: string;
  readonly event: StudioEvent;
}

/** Events that are kept. */
const mostKept = 1000;

export class EventFeed {
  /** Numbers of another feed mean nothing here. */
  readonly #epoch = randomHex(6);
  readonly #kept: FedEvent[] = [];
  readonly #listeners = new Set<(fed: FedEvent) => void>();
  #count = 0;

  get listeners(): number {
    return this.#listeners.size;
  }

  /** The id of the last event, which is the id of a page that knows everything. */
  get lastId(): string {
    return `${this.#epoch}-${this.#count}`;
  }

  publish(event: StudioEvent): void {
    this.#count += 1;
    const fed = { id: this.lastId, event };
    this.#kept.push(fed);
    if (this.#kept.length > mostKept) this.#kept.shift();
    for (const listener of this.#listeners) listener(fed);
  }

  /** Calls back at every event until the returned function is called. */
  listen(listener: (fed: FedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The events after one; undefined where that is not known any more. */
  after(id: string): readonly FedEvent[] | undefined {
    const [epoch, digits] = id.split('-');
    const number = Number(digits);
    if (epoch !== this.#epoch || !Number.isSafeInteger(number)) return undefined;
    const missed = this.#count - number;
    if (missed < 0 || missed > this.#kept.length) return undefined;
    return missed === 0 ? [] : this.#kept.slice(-missed);
  }
}
