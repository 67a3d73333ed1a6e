import { expect, test } from 'vitest';
import type { SizedEntry } from '../../../../src/studio/interface/adapter-operations.ts';
import { fileSizes, sizeGrid } from './size-grid.ts';

const entry = (a1: number, a2: number, parameters: number | null): SizedEntry => ({
  ...{ a1, a2, parameters },
  fileBytes: parameters === null ? null : 4 * parameters + 100,
});
const entries = [entry(1, 2, 10_000), entry(1, 4, 1000), entry(2, 2, 1000), entry(2, 4, null)];

test('rows and columns are in the order of the entries', () => {
  const { a1, a2, at } = sizeGrid(entries);
  expect([a1, a2]).toEqual([
    [1, 2],
    [2, 4],
  ]);
  expect(at(2, 4)?.parameters).toBeNull();
  expect(at(1, 4)?.parameters).toBe(1000);
  expect(at(3, 4)).toBeUndefined();
});

test('ten times more is as much darker everywhere', () => {
  const { shareOf } = sizeGrid([...entries, entry(4, 4, 100)]);
  expect([100, 1000, 10_000].map(shareOf)).toEqual([0, expect.closeTo(0.5), 1]);
  expect(sizeGrid([entry(1, 1, 5)]).shareOf(5)).toBe(1);
});

test('sizes of files, each once', () => {
  expect(fileSizes(entries)).toEqual([4100, 40_100]);
});
