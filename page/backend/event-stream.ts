/** @file Server-sent events over fetch, which unlike EventSource sends headers and tells whether it is connected. */
import { request } from './http.ts';

export interface StreamListener {
  /** The text of one event. */
  readonly onData: (data: string) => void;
  readonly onConnection: (isConnected: boolean) => void;
}

const firstWait = 500;
const longestWait = 8000;

/**
 * Listens until the signal aborts. A broken connection is made anew, a little later each time, from the last event on.
 * While nobody sees the page none is held: a browser has six for a server, and other tabs need them.
 */
export async function followEvents(
  address: string,
  { onData, onConnection }: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  let lastId: string | undefined;
  let wait = firstWait;
  while (!signal.aborted) {
    await untilVisible(signal);
    const connection = untilHidden(signal);
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (lastId !== undefined) headers['Last-Event-ID'] = lastId;
      const { body } = await request(address, { headers, signal: connection });
      if (body === null) throw new Error('the stream has no body');
      onConnection(true);
      wait = firstWait;
      for await (const { id, data } of eventsIn(body)) {
        lastId = id ?? lastId;
        if (data !== undefined) onData(data);
      }
    } catch {
      // Whatever broke it, the way out is to connect again.
    }
    if (signal.aborted) return;
    if (connection.aborted) continue;
    onConnection(false);
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(2 * wait, longestWait);
  }
}

interface ServerSentEvent {
  readonly id: string | undefined;
  /** Undefined of a block that only says where the stream is. */
  readonly data: string | undefined;
}

/** Events of a stream of bytes: blocks of `field: value` lines, an empty line after each. */
export async function* eventsIn(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerSentEvent> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block: string): ServerSentEvent {
  const lines = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  const valuesOf = (name: string) =>
    lines.flatMap(([, field, value]) => (field === name && value !== undefined ? [value] : []));
  const data = valuesOf('data');
  return { id: valuesOf('id').at(-1), data: data.length === 0 ? undefined : data.join('\n') };
}

async function untilVisible(signal: AbortSignal): Promise<void> {
  while (document.visibilityState === 'hidden' && !signal.aborted) {
    await new Promise((resolve) => {
      document.addEventListener('visibilitychange', resolve, { once: true });
      signal.addEventListener('abort', resolve, { once: true });
    });
  }
}

function untilHidden(signal: AbortSignal): AbortSignal {
  const hidden = new AbortController();
  const onChange = () => {
    if (document.visibilityState === 'visible') return;
    document.removeEventListener('visibilitychange', onChange);
    hidden.abort();
  };
  document.addEventListener('visibilitychange', onChange);
  return AbortSignal.any([signal, hidden.signal]);
}
