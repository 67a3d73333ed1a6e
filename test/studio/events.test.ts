/** @file Events over a connection that breaks: nothing is missed, or the page is told so. */
import { expect, test } from 'vitest';
import { startStudio, type TestStudio } from './studio-server.ts';

interface Message {
  readonly id: string | undefined;
  readonly data: unknown;
}

/** Reads a stream until so many messages with data have come, then breaks it. */
async function listen(
  studio: TestStudio,
  count: number,
  { after, once }: { readonly after?: string; readonly once?: () => Promise<unknown> } = {},
): Promise<readonly Message[]> {
  const broken = new AbortController();
  const answer = await studio.fetch('/api/events', {
    signal: broken.signal,
    headers: after === undefined ? {} : { 'last-event-id': after },
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const messages: Message[] = [];
  let text = '';
  let isOpen = false;
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id] = /^id: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      messages.push({ id, data: data === undefined ? undefined : JSON.parse(data) });
    }
    if (!isOpen) await once?.();
    isOpen = true;
    if (messages.filter(({ data }) => data !== undefined).length >= count) break;
  }
  broken.abort();
  return messages;
}

const changed = { type: 'changed', what: 'preferences' };

test('events come with ids, after which a page goes on; an id of another life gets a reset', async () => {
  await using studio = await startStudio();
  const change = () => studio.ask('preferences.set', { theme: 'dark' });
  const first = await listen(studio, 1, { once: change });
  expect(first.at(-1)?.data).toEqual(changed);
  await change();
  await change();
  const after = first.at(-1)?.id ?? '';
  const missed = await listen(studio, 2, { after });
  expect(missed.map(({ data }) => data).filter(Boolean)).toEqual([changed, changed]);
  for (const strange of ['abc-1', 'x', `${after.split('-')[0]}-999`]) {
    const told = await listen(studio, 1, { after: strange });
    expect(told.at(-1)).toEqual({ id: missed.at(-1)?.id, data: { type: 'reset' } });
  }
});
