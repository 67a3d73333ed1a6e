/** @file A run's events read back. */
import { readLines } from '../../storage/files/json-lines.ts';
import { eventSchema, type RecordedEvent } from '../events.ts';

export type StepEvent = Extract<RecordedEvent, { readonly type: 'step' }>;

/**
 * All events of a file, in order.
 *
 * @throws FormatError JSON_LINES_INVALID naming the line that is no event
 */
export async function readEvents(path: string): Promise<readonly RecordedEvent[]> {
  return await readLines(path, eventSchema);
}

/** The steps that count, in order: a run that goes on from a checkpoint makes those after it again. */
export function stepsOf(events: readonly RecordedEvent[]): readonly StepEvent[] {
  const steps = new Map<number, StepEvent>();
  for (const event of events) {
    if (event.type === 'step') steps.set(event.step, event);
    if (event.type !== 'started') continue;
    for (const step of steps.keys()) if (step > event.fromStep) steps.delete(step);
  }
  return [...steps.values()].sort((a, b) => a.step - b.step);
}
