/** @file Sizes in bytes, read and written. */
import { expect, test } from 'vitest';
import { bytesOfSize, sizeText } from './byte-size.ts';

test.each([
  ['8GB', 8e9],
  ['0.5GB', 5e8],
  ['500MB', 5e8],
  ['500 mb', 5e8],
  ['750kB', 750_000],
  ['1.5GiB', 1.5 * 1_073_741_824],
  ['512MiB', 536_870_912],
  ['2TB', 2e12],
  ['4096B', 4096],
])('%s is %d bytes', (text, bytes) => {
  expect(bytesOfSize(text)).toBe(bytes);
});

test.each(['', '8', 'GB', '-1GB', '0GB', '1e9GB', '8 gigabytes', '8GBps', '0.1B'])(
  '%j is no size',
  (text) => expect(bytesOfSize(text)).toBe(undefined),
);

test('what is written is never less than what is meant', () => {
  expect([sizeText(314_100_000), sizeText(4_631_000_000), sizeText(21_800_000_001)]).toEqual([
    '315 MB',
    '4.64 GB',
    '21.9 GB',
  ]);
  for (const bytes of [1, 999, 123_456_789, 9_999_999_999, 54_321_000_000]) {
    expect(bytesOfSize(sizeText(bytes)) ?? 0).toBeGreaterThanOrEqual(bytes);
  }
});
