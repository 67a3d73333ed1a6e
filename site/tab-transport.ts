/** @file Requests of the page to the Studio in its own worker. */
import type { Transport } from '../page/backend/http-studio.ts';
import { noteKept } from '../page/backend/kept-note.ts';
import type { Failure } from '../src/studio/interface/operation-shapes.ts';
import type {
  FoundStorage,
  FromTab,
  TabAnswer,
  TabRequest,
  ToTab,
} from '../src/studio/interface/over-messages.ts';

/** What is asked, without the number that tells it from others. */
export type Asked = Omit<TabRequest, 'id' | 'type'>;

type Listener = Parameters<Transport['follow']>[0];

/** Milliseconds within which a worker that still works says by itself what happened. */
const toSayWhy = 3000;

/** Studio ended, though nobody ended it: its worker closed itself, or the browser took its memory. */
const vanished: Failure = {
  code: 'WORKER_FAILED',
  message: 'its worker ended without a word; its memory may have run out',
};

export class TabTransport implements Transport {
  readonly base: string;
  readonly hasFrames = false;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: TabAnswer) => void>();
  readonly #listeners = new Set<Listener>();
  #count = 0;
  readonly #gone = new AbortController();

  /** @param base path of the site's folder, without a slash at its end */
  constructor(worker: Worker, { base }: { readonly base: string }) {
    this.base = base;
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<FromTab>) => this.#hear(data));
  }

  /** Settled once Studio is open, or cannot be. */
  async opened(): Promise<FoundStorage | Failure> {
    return await new Promise((resolve) => {
      this.#worker.addEventListener('message', ({ data }: MessageEvent<FromTab>) => {
        if (data.type === 'open') resolve(data.found);
        if (data.type === 'failed') resolve(data);
      });
      this.#gone.signal.addEventListener('abort', () => resolve(vanished), { once: true });
      // Of a script that cannot be loaded, or breaks before it could say why.
      this.#worker.addEventListener('error', ({ message }) =>
        setTimeout(
          () =>
            resolve({ code: 'WORKER_FAILED', message: message || 'its worker cannot be loaded' }),
          toSayWhy,
        ),
      );
    });
  }

  readonly send: Transport['send'] = async (address, { method, headers, body, signal }) => {
    const answer = await this.ask(
      {
        address,
        method: method ?? 'GET',
        headers: [...new Headers(headers)],
        body: body instanceof Blob || typeof body === 'string' ? body : undefined,
      },
      signal ?? undefined,
    );
    return responseOf(answer);
  };

  readonly follow: Transport['follow'] = (listener, signal) => {
    const { signal: gone } = this.#gone;
    const end = () => listener.onConnection(false);
    this.#listeners.add(listener);
    if (gone.aborted) end();
    else gone.addEventListener('abort', end, { once: true, signal });
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  };

  /** @throws the signal's reason; an error where Studio has vanished */
  async ask(asked: Asked, given?: AbortSignal): Promise<TabAnswer> {
    const signal =
      given === undefined ? this.#gone.signal : AbortSignal.any([given, this.#gone.signal]);
    signal.throwIfAborted();
    if (asked.method === 'PUT') noteKept();
    this.#count += 1;
    const id = this.#count;
    return await new Promise((resolve, reject) => {
      const give = () => {
        this.#tell({ type: 'abort', id });
        this.#waiting.delete(id);
        reject(signal.reason);
      };
      signal.addEventListener('abort', give, { once: true });
      this.#waiting.set(id, (answer) => {
        signal.removeEventListener('abort', give);
        resolve(answer);
      });
      this.#tell({ type: 'request', id, ...asked });
    });
  }

  #tell(message: ToTab): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromTab): void {
    if (message.type === 'begun') {
      void navigator.locks.request(message.lock, () =>
        this.#gone.abort(new Error(vanished.message)),
      );
    } else if (message.type === 'answer') {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else if (message.type === 'event') {
      for (const { onData } of this.#listeners) onData(JSON.stringify(message.event));
    }
  }
}

function responseOf({ status, headers, body }: TabAnswer): Response {
  return new Response(body ?? null, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}
