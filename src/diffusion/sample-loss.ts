/** @file What samples lose: the mean over each sample's elements of a function of d = prediction − target, weighted or not. */
import {
  add,
  divide,
  mean,
  multiply,
  negate,
  relu,
  reshape,
  sqrt,
  square,
  type Value,
} from '../graph/index.ts';
import type { NoiseSchedule, Timesteps } from './noise-schedule.ts';

const plainLosses = {
  l2: square,
  l1: (d: Value): Value => add(relu(d), relu(negate(d))),
} as const;

/** Those of a threshold c > 0, which is another at every timestep. */
const softLosses = {
  // 2c(√(d² + c²) − c): nearly d² where |d| is far below c, 2c|d| where it is far above.
  huber: (d: Value, c: Value): Value => multiply(multiply(softAbsolute(d, c), c), 2),
  // 2(√(d² + c²) − c): nearly d²/c, and 2|d|.
  'smooth-l1': (d: Value, c: Value): Value => multiply(softAbsolute(d, c), 2),
} as const;

/** √(d² + c²) − c as d² / (√(d² + c²) + c), which is no difference of near numbers. */
function softAbsolute(d: Value, c: Value): Value {
  const squared = square(d);
  return divide(squared, add(sqrt(add(squared, square(c))), c));
}

export type LossName = keyof typeof plainLosses | keyof typeof softLosses;
export const lossNames = Object.keys({ ...plainLosses, ...softLosses }) as LossName[];

/** Whether a loss takes thresholds. */
export function hasThresholds(name: LossName): name is keyof typeof softLosses {
  return Object.hasOwn(softLosses, name);
}

/** What the losses of samples depend on besides the difference. */
export interface SampleLossInputs {
  /** Their values where the loss has any: [N]. */
  readonly thresholds: () => Value;
  /** How much each place counts: [N, 1, h, w]. @default all count 1 */
  readonly placeWeights?: Value | undefined;
}

/**
 * The loss of every sample.
 *
 * @param difference prediction − target: [N, C, h, w]
 * @returns [N]
 */
export function sampleLosses(
  difference: Value,
  name: LossName,
  { thresholds, placeWeights }: SampleLossInputs,
): Value {
  const [count = 1] = difference.shape;
  const elements = hasThresholds(name)
    ? softLosses[name](difference, reshape(thresholds(), [count, 1, 1, 1]))
    : plainLosses[name](difference);
  const weighted = placeWeights === undefined ? elements : multiply(elements, placeWeights);
  return reshape(mean(weighted, [1, 2, 3]), [count]);
}

/** How a threshold depends on the timestep. */
export interface ThresholdOptions {
  readonly huberSchedule: ThresholdScheduleName;
  /** c at the noisiest timestep, or everywhere. */
  readonly huberC: number;
  /** A factor of c; `snr` has none. */
  readonly huberScale: number;
}

type ThresholdAt = (timestep: number, options: ThresholdOptions, noise: NoiseSchedule) => number;

/** Thresholds as sd-scripts schedules them (Khrapov et al. 2024). */
export const thresholdSchedules = {
  constant: (_, { huberC, huberScale }) => huberC * huberScale,
  // From the scale, without noise, to huberC times it: c^(t/T).
  exponential: (timestep, { huberC, huberScale }, { length }) =>
    huberC ** (timestep / length) * huberScale,
  // (1 − c) / (1 + σ)² + c with σ² = (1 − ᾱ)/ᾱ: from 1, without noise, to c.
  snr: (timestep, { huberC }, noise) =>
    (1 - huberC) / (1 + Math.sqrt(1 / noise.alphaBar(timestep) - 1)) ** 2 + huberC,
} as const satisfies Record<string, ThresholdAt>;

export type ThresholdScheduleName = keyof typeof thresholdSchedules;
export const thresholdScheduleNames = Object.keys(thresholdSchedules) as ThresholdScheduleName[];

/** The threshold of every sample: [N]. */
export function lossThresholds(
  timesteps: Timesteps,
  options: ThresholdOptions,
  noise: NoiseSchedule,
): Float32Array<ArrayBuffer> {
  const at: ThresholdAt = thresholdSchedules[options.huberSchedule];
  return Float32Array.from(timesteps, (timestep) => at(timestep, options, noise));
}
