/** @file Waiting. */

interface Wait {
  readonly signal?: AbortSignal;
}

/** Waits so many milliseconds. @throws the signal's reason, as soon as it is aborted */
export function sleep(milliseconds = 0, value?: unknown, { signal }: Wait = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    }, milliseconds);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Does something after so many milliseconds, unless the returned function is called before. */
export function later(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
}

/** Does something again and again, until the returned function is called. */
export function repeatedly(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  return () => clearInterval(timer);
}

/** Lets this worker hear what it has been told so far; unlike a timer it adds no wait of its own. */
export async function untilMessagesAreHeard(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
  port1.close();
}
