/** @file Sends of many values only the latest, now and then: for news that a newer one makes worthless. */
import { pause } from './time-limit.ts';

export interface LatestOnly<Value> {
  send(value: Value): void;
  /** What waits is dropped. */
  stop(): void;
}

/**
 * Sends one value at a time.
 *
 * @param send its failures are ignored
 * @param every milliseconds between two values. @default 500
 */
export function latestOnly<Value>(
  send: (value: Value) => Promise<void>,
  every = 500,
): LatestOnly<Value> {
  let waiting: { readonly value: Value } | undefined;
  let isSending = false;
  const stopped = new AbortController();
  const sendAll = async () => {
    isSending = true;
    while (waiting !== undefined && !stopped.signal.aborted) {
      const { value } = waiting;
      waiting = undefined;
      await send(value).catch(() => {});
      await pause(every, stopped.signal);
    }
    isSending = false;
  };
  return {
    send(value) {
      waiting = { value };
      if (!isSending) void sendAll();
    },
    stop: () => stopped.abort(),
  };
}
