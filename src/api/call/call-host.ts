/** @file What the library's functions may be given of their surroundings, completed here: the one place that looks at the clock. */
import type { Listener } from '../../base/listener.ts';
import type { HubEvent, HubHost } from '../../storage/hub/hub-events.ts';
import { begin, type Work } from './work.ts';

/** The surroundings of a call; every field may be left out. */
export interface Host<Event extends { readonly type: string }> {
  /** Hears every event, also without anybody reading the returned work; one that throws ends the work. */
  readonly listener?: Listener<Event | HubEvent> | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970 began. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** How models of the hub are downloaded: offline, with which environment and patience. */
  readonly hub?: Omit<HubHost, 'listener' | 'signal' | 'now'> | undefined;
}

/** The surroundings as the layers below want them. */
export interface CompleteHost<Event extends { readonly type: string }> {
  readonly listener: Listener<Event>;
  readonly now: () => number;
  readonly hub: HubHost;
  readonly signal?: AbortSignal;
}

/** Begins work in surroundings, made complete; where they are stopped before it begins, it fails with the signal's reason. */
export function beginWith<Event extends { readonly type: string }, Result>(
  host: Host<Event>,
  start: (host: CompleteHost<Event>) => Promise<Result>,
): Work<Event | HubEvent, Result> {
  return begin(async (tell) => {
    host.signal?.throwIfAborted();
    return await start(completeHost(host, tell));
  });
}

/** A host with everything that was left out; `tell` hears all events besides its listener. */
export function completeHost<Event extends { readonly type: string }>(
  { listener, signal, now = Date.now, hub = {} }: Host<Event> = {},
  tell: Listener<Event | HubEvent> = () => {},
): CompleteHost<Event> {
  const both: Listener<Event | HubEvent> = (event) => {
    tell(event);
    listener?.(event);
  };
  return {
    listener: both,
    now,
    hub: { ...hub, listener: both, now, signal },
    ...(signal === undefined ? {} : { signal }),
  };
}
