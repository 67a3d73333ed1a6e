/** @file How long a run was worked on, by the times of its events: what passes between two processes does not count. */
import type { TrainEvent } from '../../events.ts';

/** In milliseconds since 1970 began, and seconds of work until then. */
export interface WorkTime {
  readonly time: number;
  readonly runtime: number;
}

export class WorkClock {
  readonly #now: () => number;
  /** Of all processes before, in milliseconds. */
  #before = 0;
  /** When the process began to work. */
  #begun: number | undefined;
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The time of the next event. */
  read(event: TrainEvent): WorkTime {
    const stamp = 'time' in event ? event.time : undefined;
    const time = stamp === undefined ? this.#now() : Date.parse(stamp);
    if (event.type === 'begun' && this.#begun !== undefined) {
      this.#before += this.#last - this.#begun;
      this.#begun = time;
    }
    this.#begun ??= time;
    this.#last = time;
    return { time, runtime: (this.#before + time - this.#begun) / 1000 };
  }
}
