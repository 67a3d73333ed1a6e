/** @file `GET /api/events`: what happens, as server-sent events; a page that comes back goes on where it was. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { sleep } from '../../platform/waiting.ts';
import type { StudioEvent } from '../interface/studio.ts';
import type { FedEvent } from '../work/event-feed.ts';
import type { StudioServices } from '../work/studio-services.ts';

/** Milliseconds between signs of life, so that a connection that is gone is noticed. */
const heartbeat = 15_000;
/** Milliseconds after which a browser comes back. */
const comeBack = 1000;
/** Messages that wait for a page that does not read; it is told to ask anew. */
const mostWaiting = 200;

/** The route of events. */
export function eventRoute({ feed, ending }: StudioServices): Hono {
  return new Hono().get('/', (context) => {
    const last = context.req.header('last-event-id');
    return streamSSE(context, async (stream) => {
      const missed = last === undefined ? [] : feed.after(last);
      let waiting: (FedEvent | 'reset')[] = missed === undefined ? ['reset'] : [...missed];
      let wake = new AbortController();
      const stop = feed.listen((fed) => {
        waiting = waiting.length < mostWaiting ? [...waiting, fed] : ['reset'];
        wake.abort();
      });
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const end = AbortSignal.any([gone.signal, ending]);
      try {
        // Without data: nothing is dispatched, and the browser remembers the id.
        await stream.write(
          `retry: ${comeBack}\nid: ${last !== undefined && missed ? last : feed.lastId}\n\n`,
        );
        while (!end.aborted) {
          const now = waiting;
          waiting = [];
          for (const each of now) await stream.writeSSE(messageOf(each, feed.lastId));
          if (waiting.length > 0) continue;
          wake = new AbortController();
          const signal = AbortSignal.any([end, wake.signal]);
          await sleep(heartbeat, undefined, { signal, ref: false }).catch(() => {});
          if (!signal.aborted) await stream.write(': still here\n\n');
        }
      } finally {
        stop();
      }
    });
  });
}

function messageOf(each: FedEvent | 'reset', lastId: string) {
  const reset: StudioEvent = { type: 'reset' };
  if (each === 'reset') return { id: lastId, data: JSON.stringify(reset) };
  return { id: each.id, data: JSON.stringify(each.event) };
}
