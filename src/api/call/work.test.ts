import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Listener } from '../../base/listener.ts';
import { begin, type Work } from './work.ts';

interface Count {
  readonly type: 'count';
  readonly n: number;
}

const unhandled: unknown[] = [];
const remember = (error: unknown) => unhandled.push(error);
// Vitest takes what is unhandled for a failure; here it is what is looked at.
let theirs: NodeJS.UnhandledRejectionListener[] = [];
beforeEach(() => {
  unhandled.length = 0;
  theirs = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', remember);
});
afterEach(() => {
  process.removeAllListeners('unhandledRejection');
  for (const each of theirs) process.on('unhandledRejection', each);
});

/** Unhandled rejections are told after the microtasks of a turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Work that tells three numbers, a turn apart, and then ends or fails. */
const counting = (failure?: Error): Work<Count, string> =>
  begin(async (tell: Listener<Count>) => {
    for (const n of [1, 2, 3]) {
      tell({ type: 'count', n });
      await turn();
    }
    if (failure !== undefined) throw failure;
    return 'done';
  });

async function read(work: Work<Count, string>, until = Number.POSITIVE_INFINITY) {
  const numbers: number[] = [];
  for await (const { n } of work) {
    numbers.push(n);
    if (n === until) break;
  }
  return numbers;
}

test('a reader of the same turn hears everything, and awaiting gives the result', async () => {
  const work = counting();
  expect(await read(work)).toEqual([1, 2, 3]);
  expect(await work).toBe('done');
  expect(work).toBeInstanceOf(Promise);
});

test('readers go at their own pace, and none needs the other', async () => {
  const work = counting();
  const slow = (async () => {
    const numbers: number[] = [];
    for await (const { n } of work) {
      for (let i = 0; i < 5; i++) await turn();
      numbers.push(n);
    }
    return numbers;
  })();
  expect(await Promise.all([slow, read(work), work])).toEqual([[1, 2, 3], [1, 2, 3], 'done']);
});

test('a reader that comes later hears what is left, one after the end nothing', async () => {
  const work = counting();
  await turn();
  expect(await read(work)).toEqual([2, 3]);
  expect(await read(work)).toEqual([]);
});

test('a reader that breaks out leaves the work to go on', async () => {
  const work = counting();
  expect(await read(work, 2)).toEqual([1, 2]);
  expect(await work).toBe('done');
});

test('a failure ends the reading after what came before, with the same error, and once', async () => {
  const failure = new Error('no');
  const work = counting(failure);
  const iterator = work[Symbol.asyncIterator]();
  const steps = [1, 2, 3].map(() => iterator.next());
  expect((await Promise.all(steps)).map(({ value }) => value?.n)).toEqual([1, 2, 3]);
  await expect(iterator.next()).rejects.toBe(failure);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  await expect(work).rejects.toBe(failure);
  await expect(read(work)).rejects.toBe(failure);
});

test('who only reads is told of a failure by the reading alone', async () => {
  const failure = new Error('no');
  await expect(read(counting(failure))).rejects.toBe(failure);
  await turn();
  expect(unhandled).toEqual([]);
});

test('a failure that nobody reads or awaits does not pass silently', async () => {
  const failure = new Error('no');
  const work = counting(failure);
  expect(await read(work, 1)).toEqual([1]);
  for (let i = 0; i < 5; i++) await turn();
  expect(unhandled).toEqual([failure]);
});

test('what throws at once is a rejection', async () => {
  const failure = new Error('no');
  const work = begin<Count, string>(() => {
    throw failure;
  });
  await expect(work).rejects.toBe(failure);
});
