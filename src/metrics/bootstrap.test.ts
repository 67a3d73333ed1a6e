import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { deviation, mean } from './cosine.ts';

describe('the bootstrap interval', () => {
  test('holds the true mean in about 95 of 100 repetitions', () => {
    const draws = new TorchGenerator(1);
    const generator = new TorchGenerator(2);
    const repetitions = 400;
    let held = 0;
    for (let i = 0; i < repetitions; i++) {
      // Skewed, as scores are: squares of normals have mean 1.
      const values = Array.from(draws.randn(40), (value) => value ** 2);
      const interval = bootstrapInterval(values, { generator, resamples: 300 });
      if (interval && interval.low <= 1 && 1 <= interval.high) held++;
    }
    // Of 40 skewed values the percentile interval is known to fall a little short; 400 repetitions scatter by 1.2 %.
    expect(held / repetitions).toBeGreaterThan(0.88);
    expect(held / repetitions).toBeLessThan(0.98);
  });

  test('of normal values is as wide as the standard error says', () => {
    const values = [...new TorchGenerator(3).randn(200)];
    const interval = bootstrapInterval(values, { generator: new TorchGenerator(4) });
    const standardError = (deviation(values) ?? Number.NaN) / Math.sqrt(200);
    const width = (interval?.high ?? Number.NaN) - (interval?.low ?? Number.NaN);
    // 2,000 resamples give the quantiles to a few percent.
    expect(width / (2 * 1.96 * standardError)).toBeCloseTo(1, 1);
    expect(((interval?.high ?? 0) + (interval?.low ?? 0)) / 2).toBeCloseTo(mean(values), 1);
  });

  test('is the same for the same seed, and there is none of a single value', () => {
    const of = (seed: number) =>
      bootstrapInterval([1, 2, 3, 5], { generator: new TorchGenerator(seed) });
    expect(of(5)).toEqual(of(5));
    expect(bootstrapInterval([1], { generator: new TorchGenerator(0) })).toBeUndefined();
  });

  test('of equal values has no width', () => {
    const interval = bootstrapInterval([2, 2, 2], { generator: new TorchGenerator(0) });
    expect(interval).toEqual({ low: 2, high: 2 });
  });
});
