/** @file Runs an asynchronous function over a list, a few elements at a time; the first failure stops the others. */

/** Requests at a time: enough to hide the way to the server, few enough not to annoy it. */
const width = 4;

/** Results in the order of the elements. The signal given to the function also ends when another element fails. */
export async function inParallel<Element, Result>(
  outer: AbortSignal,
  elements: readonly Element[],
  run: (element: Element, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
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
