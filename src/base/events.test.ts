import { describe, expect, test } from 'vitest';
import { createEvents } from './events.ts';

type Progress = { readonly type: 'step'; readonly loss: number } | { readonly type: 'done' };

describe('events', () => {
  test('reach every listener in the order they came', () => {
    const events = createEvents<Progress>();
    const seen: string[] = [];
    events.on((event) => seen.push(`first ${event.type}`));
    events.on((event) => seen.push(`second ${event.type}`));
    events.emit({ type: 'step', loss: 0.5 });
    events.emit({ type: 'done' });
    expect(seen).toEqual(['first step', 'second step', 'first done', 'second done']);
  });

  test('stop reaching a listener that left, also while they are sent', () => {
    const events = createEvents<Progress>();
    let count = 0;
    const leave = events.on(() => {
      count += 1;
      leave();
    });
    events.emit({ type: 'done' });
    events.emit({ type: 'done' });
    expect(count).toBe(1);
  });

  test('reach one listener as often as it was added', () => {
    const events = createEvents<Progress>();
    let count = 0;
    const listener = (): void => {
      count += 1;
    };
    const leave = events.on(listener);
    events.on(listener);
    events.emit({ type: 'done' });
    leave();
    events.emit({ type: 'done' });
    expect(count).toBe(3);
  });
});
