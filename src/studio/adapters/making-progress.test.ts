import { expect, test } from 'vitest';
import type { StudioEvent } from '../interface/studio.ts';
import { EventFeed } from '../work/event-feed.ts';
import { MakingProgress } from './making-progress.ts';

test('phases are told at once, what is within one four times a second, and the end however it comes', async () => {
  const feed = new EventFeed();
  const told: StudioEvent[] = [];
  feed.listen(({ event }) => told.push(event));
  let milliseconds = 0;
  const progress = new MakingProgress(feed, () => milliseconds);
  const failed = progress.of('dog', async (listener) => {
    listener({ type: 'note' });
    for (let done = 0; done < 100; done++) {
      listener({ type: 'comparing', done, total: 100 });
      milliseconds += 10;
    }
    listener({ type: 'fitting', done: 0, total: 7 });
    expect(progress.current).toEqual({ name: 'dog', phase: 'fitting', share: 0 });
    throw new Error('no room');
  });
  await expect(failed).rejects.toThrow('no room');
  expect(progress.current).toBeUndefined();
  const comparing = [0, 0.25, 0.5, 0.75].map((share) => ({ phase: 'comparing', share }));
  expect(told).toEqual([
    ...[...comparing, { phase: 'fitting', share: 0 }].map((each) => ({
      type: 'making',
      adapter: { name: 'dog', ...each },
    })),
    { type: 'making', adapter: null },
  ]);
});
