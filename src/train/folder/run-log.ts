/** @file Where a run's events go: its events.jsonl, TensorBoard's files, and whoever listens. */
import type { Listener } from '../../base/listener.ts';
import { appendLine } from '../../storage/files/json-lines.ts';
import type { TrainEvent } from '../events.ts';

export type Report = (event: TrainEvent) => Promise<void>;

export interface RunLog {
  /** The file of events. */
  readonly path: string;
  readonly tensorboard: Report | undefined;
  readonly listener: Listener<TrainEvent> | undefined;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
}

/** Reports events with the time, one after the other however many parts of the run report at once. */
export function reportTo({ path, tensorboard, listener, now }: RunLog): Report {
  const write = async (event: TrainEvent) => {
    if (event.type === 'progress') return listener?.(event);
    const stamped = { ...event, time: new Date(now()).toISOString() };
    await appendLine(path, stamped);
    await tensorboard?.(stamped);
    listener?.(stamped);
  };
  let last = Promise.resolve();
  return (event) => {
    const next = last.then(() => write(event));
    last = next.catch(() => {});
    return next;
  };
}
