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

export type ValidationEvent = Extract<RecordedEvent, { readonly type: 'validation' }>;

/** The measurements on held-out pictures that count, in order. */
export function validationsOf(events: readonly RecordedEvent[]): readonly ValidationEvent[] {
  return counted(events, (event) => (event.type === 'validation' ? event : undefined));
}

/** The steps that count, in order: a run that goes on from a checkpoint makes those after it again. */
export function stepsOf(events: readonly RecordedEvent[]): readonly StepEvent[] {
  return counted(events, (event) => (event.type === 'step' ? event : undefined));
}

function counted<Event extends { readonly step: number }>(
  events: readonly RecordedEvent[],
  asked: (event: RecordedEvent) => Event | undefined,
): readonly Event[] {
  const steps = new Map<number, Event>();
  for (const event of events) {
    const found = asked(event);
    if (found !== undefined) steps.set(found.step, found);
    if (event.type !== 'started') continue;
    for (const step of steps.keys()) if (step > event.fromStep) steps.delete(step);
  }
  return [...steps.values()].sort((a, b) => a.step - b.step);
}
