/** @file How far a drawing is, told no oftener than a page shows it. */
import type { Drawing } from '../interface/drawing-operations.ts';
import type { DrawEvent } from './draw-question.ts';

/** Milliseconds between two tellings. */
const betweenTellings = 250;

export class DrawingProgress {
  readonly #now: () => number;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds since 1970 began */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What an event changes; undefined where nothing, or nothing that is worth telling yet. */
  after(event: DrawEvent): Pick<Drawing, 'progress' | 'secondsLeft'> | undefined {
    if (event.type === 'started') return { progress: 0, secondsLeft: undefined };
    if (event.type !== 'step') return undefined;
    const now = this.#now();
    if (now - this.#toldAt < betweenTellings) return undefined;
    this.#toldAt = now;
    const { done, total, seconds } = event;
    return { progress: done / total, secondsLeft: (seconds * (total - done)) / done };
  }
}
