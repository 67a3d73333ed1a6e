/** @file Which learning rate a rising one suggests: a tenth of that at which the loss is least (after Smith 2017, arXiv 1506.01186, sec. 3.3). */
import { required } from '../../base/required.ts';

/** The loss after a step at a rate. */
export interface RatePoint {
  readonly learningRate: number;
  readonly loss: number;
}

/** What a curve says; every rate is one that was tried, but for the tenth. */
export interface SuggestedRates {
  /** A tenth of the rate at which the smoothed loss is least: what is suggested. */
  readonly tenthOfMinimum: number;
  /** Where the smoothed loss falls fastest over the logarithm of the rate: the other rule, a bolder one. */
  readonly steepest: number;
  /** Where the smoothed loss is least: more than one may dare. */
  readonly minimum: number;
}

/** Neighbours that a mean is taken over, itself included. */
const window = 5;

/** The loss at each point as the mean over its neighbours, fewer at the ends; nothing lags behind. */
export function smoothedLosses(points: readonly RatePoint[]): readonly number[] {
  const reach = (window - 1) / 2;
  return points.map((_, i) => {
    // As many on both sides, lest a slope becomes an offset at the ends.
    const own = Math.min(reach, i, points.length - 1 - i);
    const near = points.slice(i - own, i + own + 1);
    return near.reduce((sum, { loss }) => sum + loss, 0) / near.length;
  });
}

/**
 * The rates that a curve suggests, its rates rising by one factor.
 *
 * @returns undefined where the loss does not fall
 */
export function suggestedRates(points: readonly RatePoint[]): SuggestedRates | undefined {
  const losses = smoothedLosses(points);
  const least = losses.indexOf(Math.min(...losses));
  const slopes = Array.from({ length: Math.max(0, least - 1) }, (_, i) => ({
    at: i + 1,
    slope: required(losses, i + 2) - required(losses, i),
  }));
  const steepest = slopes.toSorted((a, b) => a.slope - b.slope)[0];
  if (steepest === undefined || steepest.slope >= 0) return undefined;
  const minimum = required(points, least).learningRate;
  return {
    tenthOfMinimum: minimum / 10,
    steepest: required(points, steepest.at).learningRate,
    minimum,
  };
}
