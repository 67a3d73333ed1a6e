import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { type Brought, Visitors } from './visitors.ts';

test('the right password is tried after the wrong ones before it, and a code at once', async () => {
  const visitors = new Visitors({ key: 'a', port: 1, password: 'right', onCode: () => {} });
  const app = new Hono().post('/', async (context) => {
    const brought: Brought = await context.req.json();
    return context.json(await visitors.open(context, brought));
  });
  const answers: unknown[] = [];
  const bring = async (brought: Brought) => {
    const answer = await app.request('/', { method: 'POST', body: JSON.stringify(brought) });
    answers.push([brought, await answer.json(), answer.headers.has('set-cookie')]);
  };
  const { code } = visitors;
  const wrong = { password: 'wrong' };
  const notBoth = { code: 'wrong', password: 'right' };
  await Promise.all([wrong, notBoth, { password: 'right' }, { code }].map(bring));
  expect(answers).toEqual([
    [{ code }, true, true],
    [wrong, false, false],
    [notBoth, false, false],
    [{ password: 'right' }, true, true],
  ]);
  expect(visitors.code).not.toBe(code);
});
