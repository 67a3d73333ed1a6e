/** @file Work that is done a few at a time because it takes memory, or one after the other because each changes what the next one finds. */

/** Lets so many work at once; the others wait in line, and a failure of one is no matter to the next. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** How a list is gone through. */
interface InParallel {
  /** Elements at a time. */
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a function over a list, results in the order of the elements; the first failure stops the others. The signal given
 * to the function also ends when another element fails.
 */
export async function inParallel<Element, Result>(
  elements: readonly Element[],
  run: (element: Element, signal: AbortSignal) => Promise<Result>,
  { width, signal: outer }: InParallel,
): Promise<readonly Result[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any(outer === undefined ? [failed.signal] : [outer, failed.signal]);
  const results = new Map<number, Result>();
  const queue = [...elements.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal.throwIfAborted();
      const [i, element] = next;
      try {
        results.set(i, await run(element, signal));
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }
  };
  // All have ended before a failure is told, so that nothing goes on behind the caller's back.
  await Promise.allSettled(Array.from({ length: width }, work));
  signal.throwIfAborted();
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
