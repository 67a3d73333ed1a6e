/** @file Intervals hold the mean as often as they say, at the numbers of subjects that experiments have. */
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import { meanInterval } from './mean-interval.ts';

/** Shares of repetitions in which the interval of `count` values holds their true mean. */
function coverage(count: number, draw: (generator: TorchGenerator) => readonly number[], mean = 0) {
  const generator = new TorchGenerator(1);
  const repetitions = 4000;
  let held = 0;
  for (let i = 0; i < repetitions; i++) {
    const interval = meanInterval(draw(generator).slice(0, count));
    if (interval !== undefined && interval.low <= mean && mean <= interval.high) held++;
  }
  return held / repetitions;
}

/** Three deviations of a share of 95 % in 4,000 repetitions. */
const scatter = 3 * Math.sqrt((0.95 * 0.05) / 4000);

describe.each([5, 7, 8, 14, 30])('an interval of %d values', (count) => {
  test('of normal ones holds the mean in 95 of 100 repetitions', () => {
    const held = coverage(count, (generator) => [...generator.randn(count)]);
    expect(Math.abs(held - 0.95)).toBeLessThan(scatter);
  });

  test('of others that are even about their mean, as differences of scores are, hardly less', () => {
    const signs = (generator: TorchGenerator) => generator.randint(0, 2, count);
    const heavy = coverage(count, (generator) => {
      const flips = signs(generator);
      // Laplace: exponential on both sides.
      return Array.from(generator.rand(count), (value, i) => {
        return Math.log(1 - value) * (flips[i] === 1 ? 1 : -1);
      });
    });
    const flat = coverage(count, (generator) => Array.from(generator.rand(count)), 0.5);
    // Heavy ends make it wider than it need be, and flat ones narrower by about a per cent at five values.
    expect(heavy).toBeGreaterThan(0.95 - scatter);
    expect(flat).toBeGreaterThan(0.93 - scatter);
  });
});

test('of equal values has no width, and there is none of a single one', () => {
  expect(meanInterval([2, 2, 2])).toEqual({ low: 2, high: 2 });
  expect(meanInterval([1])).toBeUndefined();
});

test('is mean ± t s / √n', () => {
  // s = 2, n = 3, t = 4.303.
  const interval = meanInterval([2, 4, 6]);
  expect(interval?.low).toBeCloseTo(4 - (4.3027 * 2) / Math.sqrt(3), 3);
  expect(interval?.high).toBeCloseTo(4 + (4.3027 * 2) / Math.sqrt(3), 3);
});
