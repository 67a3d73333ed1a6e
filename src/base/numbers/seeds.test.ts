import { expect, test } from 'vitest';
import { largestSeed, seedsFrom } from './seeds.ts';

test('seeds follow each other up to the largest that can be told from its neighbours', () => {
  expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
  expect(seedsFrom(largestSeed, 1)).toEqual([9007199254740991]);
  expect(seedsFrom(largestSeed - 1, 2)).toEqual([9007199254740990, 9007199254740991]);
  expect(() => seedsFrom(largestSeed, 2)).toThrow(
    expect.objectContaining({
      code: 'SEED_TOO_LARGE',
      message: expect.stringContaining('the largest for so many is 9007199254740990'),
    }),
  );
});
