import { expect, test } from 'vitest';
import { HelperProcess } from './helper-process.ts';

test('a program that does not hear that it is to stop is ended, and the next question starts another', async () => {
  await using helper = new HelperProcess<string, { readonly type: string }, string>({
    program: new URL('../../../test/studio/deaf-program.ts', import.meta.url),
    ...{ idle: 60_000, patience: 100 },
  });
  const given = new AbortController();
  const reason = new Error('given up');
  const answer = helper.ask('for ever', {
    listener: () => given.abort(reason),
    signal: given.signal,
  });
  await expect(answer).rejects.toBe(reason);
  expect(await helper.ask('once')).toBe('once');
});
