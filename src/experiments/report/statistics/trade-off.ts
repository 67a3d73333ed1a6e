/** @file Two methods compared where they are equal in one measure: along what they trade for it. */
import { lastOf, required } from '../../../base/required.ts';

/** A variant of a method: what it reaches of the measure that is held equal, and of the other. */
export interface TradePoint {
  readonly at: number;
  readonly value: number;
}

/**
 * Mean values of two methods over the range of `at` that both reach, each along its front: the points that no other one
 * of the method exceeds in both, joined by straight lines. Their difference is Bjøntegaard's delta (2001) with straight
 * lines for cubics.
 *
 * @returns undefined where the ranges of the fronts do not overlap
 */
export function atEqual(
  first: readonly TradePoint[],
  second: readonly TradePoint[],
): readonly [first: number, second: number] | undefined {
  const fronts = [frontOf(first), frontOf(second)] as const;
  if (fronts.some(({ length }) => length === 0)) return undefined;
  const low = Math.max(...fronts.map((front) => required(front, 0).at));
  const high = Math.min(...fronts.map((front) => lastOf(front).at));
  if (high <= low) return undefined;
  return [meanOver(fronts[0], low, high), meanOver(fronts[1], low, high)];
}

/** Points that no other exceeds in both, by rising `at` and falling value. */
function frontOf(points: readonly TradePoint[]): readonly TradePoint[] {
  const falling = [...points].sort((a, b) => b.at - a.at || b.value - a.value);
  const front: TradePoint[] = [];
  for (const point of falling) {
    if (front.every(({ value }) => point.value > value)) front.unshift(point);
  }
  return front;
}

/** The integral of a line through points, over its range's length: trapezia between all corners in the range. */
function meanOver(front: readonly TradePoint[], low: number, high: number): number {
  const inside = front.map(({ at }) => at).filter((at) => at > low && at < high);
  const corners = [low, ...inside, high];
  let area = 0;
  for (let i = 1; i < corners.length; i++) {
    const [from, to] = [required(corners, i - 1), required(corners, i)];
    area += ((valueAt(front, from) + valueAt(front, to)) / 2) * (to - from);
  }
  return area / (high - low);
}

function valueAt(front: readonly TradePoint[], at: number): number {
  const right = Math.max(
    1,
    front.findIndex((point) => point.at >= at),
  );
  const [a, b] = [required(front, right - 1), required(front, right)];
  return a.value + ((at - a.at) / (b.at - a.at)) * (b.value - a.value);
}
