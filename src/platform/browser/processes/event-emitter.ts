/** @file Events by name, as far as Node's are used here. */

type Listener = (...values: never[]) => void;

export class EventEmitter {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(name: string, listener: Listener): this {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(listener));
    return this;
  }

  off(name: string, listener: Listener): this {
    this.#listeners.get(name)?.delete(listener);
    return this;
  }

  emit(name: string, ...values: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(...(values as never[]));
  }
}

interface Waiting {
  readonly signal?: AbortSignal;
}

/** The values of the next event of a name. @throws the signal's reason, as soon as it is aborted */
export function once(
  emitter: EventEmitter,
  name: string,
  { signal }: Waiting = {},
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      emitter.off(name, listener);
      signal?.removeEventListener('abort', abort);
    };
    const listener = (...values: unknown[]) => {
      settle();
      resolve(values);
    };
    const abort = () => {
      settle();
      reject(signal?.reason);
    };
    if (signal?.aborted) return reject(signal.reason);
    emitter.on(name, listener);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
