import { expect, test } from 'vitest';
import type { StudioEvent } from '../interface/studio.ts';
import { EventFeed } from './event-feed.ts';
import { Watch } from './watch.ts';

test('the first look tells all; then what comes, becomes another and goes is told, each once; a failed look is not the last', async () => {
  const feed = new EventFeed();
  const told: StudioEvent[] = [];
  feed.listen(({ event }) => told.push(event));
  const log: string[] = [];
  const seen = [{}, { a: 'new' }, { a: 'new' }, { a: 'done', b: 'new' }, { b: 'new' }];
  const looks = seen.map((each) => new Map(Object.entries(each)));
  await new Promise<void>((resolve) => {
    const watch: Watch = new Watch({
      ...{ feed, what: 'runs', pause: 1, host: { log: (text) => log.push(text) } },
      look: async (tell) => {
        const next = looks.shift();
        if (next === undefined) return resolve(watch[Symbol.asyncDispose]());
        tell(next);
        if (looks.length === 2) throw new Error('no such thing');
      },
    });
  });
  const changed = { type: 'changed', what: 'runs' };
  expect(told).toEqual([changed, ...['a', 'a', 'b', 'a'].map((id) => ({ ...changed, id }))]);
  expect(log).toEqual(['watching runs: Error: no such thing']);
});
