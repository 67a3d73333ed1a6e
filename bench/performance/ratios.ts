/** @file What pairs of runs say: the median of their ratios, and from which to which they reach. */
import { median } from '../../src/base/numbers/median.ts';
import { formatBytes } from '../../src/base/quantities.ts';
import type { Pair } from './measurements.ts';

export interface Ratio {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

/** Of own by other, pair by pair. */
export function ratioOf(pairs: readonly Pair[]): Ratio {
  const ratios = pairs.map(({ own, other }) => own / other);
  const middle = median(ratios) ?? Number.NaN;
  return { middle, low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** `0.81 (0.79 to 0.84)` */
export function ratioWords(pairs: readonly Pair[]): string {
  const { middle, low, high } = ratioOf(pairs);
  return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** The median of one side: `6.4 s`. */
export function secondsWords(pairs: readonly Pair[], side: keyof Pair): string {
  return `${(median(pairs.map((pair) => pair[side])) ?? Number.NaN).toPrecision(3)} s`;
}

/** `5.20 GB`; a dash where the system does not tell. */
export function memoryWords(bytes: number | null): string {
  return bytes === null ? '–' : formatBytes(bytes);
}
