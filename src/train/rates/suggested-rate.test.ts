import { describe, expect, test } from 'vitest';
import { rateCurve } from './rate-curve.ts';
import { smoothedLosses, suggestedRates } from './suggested-rate.ts';

const factor = 2 ** (1 / 8);

/** The loss of a parabola after one step from its side, over rates of a small factor each: least at a rate of 1. */
const points = Array.from({ length: 100 }, (_, i) => {
  const learningRate = factor ** (i - 80);
  return { learningRate, loss: 1 + (1 - learningRate) ** 2 };
});

describe('a curve of losses', () => {
  test('suggests where it falls fastest over the logarithm, and a tenth of where it is least', () => {
    // d/d(ln r) (1 - r)² = -2r(1 - r), which is most at r = 1/2.
    const { steepest = 0, minimum = 0, tenthOfMinimum } = suggestedRates(points) ?? {};
    // Means over neighbours move both by less than a step of the grid or two.
    expect(Math.abs(Math.log(steepest / 0.5) / Math.log(factor))).toBeLessThan(2);
    expect(Math.abs(Math.log(minimum) / Math.log(factor))).toBeLessThan(2);
    expect(tenthOfMinimum).toBe(minimum / 10);
  });

  test('is smoothed without lag: a straight line stays itself', () => {
    const line = points.map((point, i) => ({ ...point, loss: 3 - i }));
    for (const [i, loss] of smoothedLosses(line).entries()) expect(loss).toBeCloseTo(3 - i, 12);
    const spike = points.map((point, i) => ({ ...point, loss: i === 7 ? 5 : 0 }));
    expect(smoothedLosses(spike).filter((loss) => loss > 0)).toEqual([1, 1, 1, 1, 1]);
  });

  test('that only rises suggests nothing', () => {
    expect(suggestedRates(points.map((point, i) => ({ ...point, loss: i })))).toBeUndefined();
    expect(suggestedRates([])).toBeUndefined();
  });

  test('is drawn within its frame, the suggestion marked', () => {
    const svg = rateCurve([...points, { learningRate: 64, loss: 900 }]);
    expect(svg).toContain('>suggested<');
    const heights = [...svg.matchAll(/-?[\d.]+,(-?[\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(32);
    expect(Math.max(...heights)).toBeLessThanOrEqual(360);
  });
});
