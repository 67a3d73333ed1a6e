/** @file The level axis of a curve: the values that were measured, while they have room. */
import { lastOf, required } from '../../../base/required.ts';
import type { Curve } from './curve-lines.ts';
import { textWidth } from './variant-points.ts';

/** What a curve is drawn against. */
export interface LevelAxis {
  readonly title: string;
  readonly scale: 'linear' | 'log';
}

/** A logarithm needs positive numbers. */
function isLog({ scale }: LevelAxis, xs: readonly number[]): boolean {
  return scale === 'log' && xs.every((x) => x > 0);
}

function distinctXs({ lines }: Curve): readonly number[] {
  const xs = new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)));
  return [...xs].sort((a, b) => a - b);
}

/** From the least value to the greatest; of names, with air at both ends. */
export function xScale(axis: LevelAxis, curve: Curve) {
  const { names } = curve;
  if (names !== undefined) return { domain: [-0.3, names.length - 0.7], nice: false };
  const xs = distinctXs(curve);
  const domain = [required(xs, 0), lastOf(xs)];
  return { type: isLog(axis, xs) ? 'log' : 'linear', domain, nice: false } as const;
}

/** Ticks at the values, or at round numbers where there are too many. */
export function xAxis(axis: LevelAxis, curve: Curve, width: number) {
  const { title } = axis;
  const { names } = curve;
  if (names !== undefined) {
    const labelExpr = `${JSON.stringify(names)}[datum.value]`;
    return { title, grid: false, values: names.map((_, i) => i), labelExpr, labelAngle: 0 };
  }
  const xs = distinctXs(curve);
  const values = withRoom(xs, isLog(axis, xs) ? Math.log : (x) => x, width);
  // As they are: a format would round them to the digits that tell ticks apart, 600 to 6e+2.
  const labelExpr = 'toString(datum.value)';
  return { title, grid: false, labelFlush: true, labelOverlap: false, labelExpr, values };
}

/** The last and first value, and of the others those whose labels do not touch, from the last on. */
function withRoom(
  xs: readonly number[],
  scale: (x: number) => number,
  width: number,
): readonly number[] {
  const [first, last] = [required(xs, 0), lastOf(xs)];
  const span = scale(last) - scale(first);
  const place = (x: number) => (span === 0 ? 0 : ((scale(x) - scale(first)) / span) * width);
  const half = (x: number) => textWidth(String(x), 12) / 2;
  // Labels at the ends are flush with the axis.
  const firstEnd = 2 * half(first) + 6;
  let leftmost = width - 2 * half(last) - 6;
  const kept = [last];
  for (const x of xs.slice(1, -1).toReversed()) {
    if (place(x) + half(x) > leftmost || place(x) - half(x) < firstEnd) continue;
    kept.unshift(x);
    leftmost = place(x) - half(x) - 6;
  }
  return first === last ? kept : [first, ...kept];
}
