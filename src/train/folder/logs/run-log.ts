/** @file Where a run's events go: its events.jsonl, the logs of other programs, and whoever listens. */
import type { Listener } from '../../../base/listener.ts';
import { appendLine } from '../../../storage/files/json-lines.ts';
import type { RecordedEvent, TrainEvent } from '../../events.ts';
import type { RunPaths } from '../run-folder.ts';

export type Report = (event: TrainEvent) => Promise<void>;

/** The part of a run that is told from here on. */
export interface PartOfRun {
  readonly paths: RunPaths;
  /** What the file of events told before. */
  readonly before: readonly RecordedEvent[];
  /** Steps done before. */
  readonly fromStep: number;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
}

export interface RunLog {
  /** The file of events. */
  readonly path: string;
  /** Of other programs, which are told what is in the file already. */
  readonly logs: readonly Report[];
  readonly listener: Listener<TrainEvent> | undefined;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
}

/** Reports events with the time, one after the other however many parts of the run report at once. */
export function reportTo({ path, logs, listener, now }: RunLog): Report {
  const write = async (event: TrainEvent) => {
    if (event.type === 'progress') return listener?.(event);
    const stamped = { ...event, time: new Date(now()).toISOString() };
    await appendLine(path, stamped);
    for (const log of logs) await log(stamped);
    listener?.(stamped);
  };
  let last = Promise.resolve();
  return (event) => {
    const next = last.then(() => write(event));
    last = next.catch(() => {});
    return next;
  };
}
