import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { usualThreads } from './machine.ts';

test('threads are those that were asked for, or all processors', () => {
  expect(usualThreads('3')).toBe(3);
  expect(usualThreads('')).toBe(availableParallelism());
});

test.each(['0', '-1', '1.5', 'abc', '9999', 'NaN'])('%s threads are refused', (asked) => {
  expect(() => usualThreads(asked)).toThrow(
    expect.objectContaining({
      code: 'THREADS',
      message: expect.stringContaining(`KRONA_THREADS: expected a number of threads`),
    }),
  );
});
