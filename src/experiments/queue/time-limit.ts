/** @file Waits for something only so long. */
import { sleep } from '../../platform/waiting.ts';

/** The value of a promise, or of `otherwise` where it takes longer; what it does is not stopped. */
export async function within<Value, Otherwise>(
  milliseconds: number,
  promise: Promise<Value>,
  otherwise: () => Otherwise,
): Promise<Value | Otherwise> {
  const settled = new AbortController();
  const { signal } = settled;
  const limit = sleep(milliseconds, undefined, { signal }).then(otherwise);
  // Where the promise is first, the wait for the limit ends with an error that nobody needs.
  limit.catch(() => {});
  try {
    return await Promise.race([promise, limit]);
  } finally {
    settled.abort();
  }
}

/** Waits; an aborted signal ends it early, without an error. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

/** Waits until a signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
