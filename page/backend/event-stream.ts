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
        onData(data);
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
  readonly data: string;
}

/** Events of a stream of bytes: blocks of `field: value` lines, an empty line after each. */
export async function* eventsIn(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): ServerSentEvent | undefined {
  const lines = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  const valuesOf = (name: string) =>
    lines.flatMap(([, field, value]) => (field === name && value !== undefined ? [value] : []));
  const data = valuesOf('data');
  return data.length === 0 ? undefined : { id: valuesOf('id').at(-1), data: data.join('\n') };
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
