/** @file Work that is under way, as programs hold it: a promise of its result that is also a sequence of its events. */
import type { Listener } from '../../base/listener.ts';

/**
 * Work under way: awaited it gives the result, iterated the events as they come.
 *
 * It goes on whether anybody reads or not, and is stopped by the `signal` of its host alone: a reader that breaks out
 * only stops reading. Every reader hears all events from when it begins, at its own pace; one that begins in the turn
 * of the call misses none. Where the work fails, readers hear what came before and then throw its error, as awaiting
 * it does.
 *
 * @example
 * ```ts
 * const run = train({ images: 'my-dog', subject: 'sks dog', out: 'runs/dog' });
 * for await (const event of run) if (event.type === 'step') console.log(event.step, event.loss);
 * const { adapter } = await run;
 * ```
 */
export type Work<Event, Result> = Promise<Result> & AsyncIterable<Event, undefined>;

/** Begins work, after the turn of the call. */
export function begin<Event extends { readonly type: string }, Result>(
  start: (tell: Listener<Event>) => Promise<Result>,
): Work<Event, Result> {
  const readers = new Set<Reader<Event>>();
  let ending: Ending | undefined;
  const end = (how: Ending) => {
    ending = how;
    for (const reader of readers) reader.end(how);
    readers.clear();
  };
  const carryOut = async (): Promise<Result> => {
    await undefined;
    try {
      const result = await start((event) => {
        for (const reader of readers) reader.hear(event);
      });
      end({ failed: false });
      return result;
    } catch (error) {
      // Whoever reads is told; where nobody does, an error that nobody awaits must not pass silently.
      if (readers.size > 0) promise.catch(() => {});
      end({ failed: true, error });
      throw error;
    }
  };
  const promise = carryOut();
  const read = (): AsyncIterator<Event, undefined> => {
    const reader = new Reader<Event>((gone) => readers.delete(gone));
    if (ending === undefined) readers.add(reader);
    else reader.end(ending);
    return reader;
  };
  return Object.assign(promise, { [Symbol.asyncIterator]: read });
}

/** How work came to its end. */
type Ending = { readonly failed: false } | { readonly failed: true; readonly error: unknown };

/** Somebody who asked for the next event. */
interface Asker<Event> {
  readonly resolve: (result: IteratorResult<Event, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** One reader: the events that it has not taken yet, or its requests that are not answered yet. */
class Reader<Event> implements AsyncIterator<Event, undefined> {
  readonly #leave: (reader: Reader<Event>) => void;
  readonly #events: Event[] = [];
  readonly #askers: Asker<Event>[] = [];
  #ending: Ending | undefined;

  constructor(leave: (reader: Reader<Event>) => void) {
    this.#leave = leave;
  }

  hear(event: Event): void {
    this.#events.push(event);
    this.#answer();
  }

  end(how: Ending): void {
    this.#ending = how;
    this.#answer();
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    return new Promise((resolve, reject) => {
      this.#askers.push({ resolve, reject });
      this.#answer();
    });
  }

  /** Called where a loop is left early. */
  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#leave(this);
    this.#events.length = 0;
    this.end({ failed: false });
    return { done: true, value: undefined };
  }

  #answer(): void {
    while (this.#askers.length > 0 && (this.#events.length > 0 || this.#ending !== undefined)) {
      const asker = this.#askers.shift();
      const [event] = this.#events.splice(0, 1);
      if (event !== undefined) asker?.resolve({ done: false, value: event });
      else if (this.#ending?.failed) {
        const { error } = this.#ending;
        // An iterator that has thrown is at its end.
        this.#ending = { failed: false };
        asker?.reject(error);
      } else asker?.resolve({ done: true, value: undefined });
    }
  }
}
