/** @file How long a run will still take, by what it took so far. */
import { median } from '../../base/numbers/median.ts';
import type { StepEvent } from '../../train/folder/read-events.ts';

/** Steps that are looked back at; the first ones of a process are slower than the rest. */
const window = 50;
/** Before so many, nothing can be said. */
const fewest = 5;

/**
 * Seconds until the last step: the median of the latest steps, and for each the share of what is done between steps,
 * sampling and checkpoints.
 *
 * @param steps those made by the process that works on the run, in order
 * @returns undefined while there are too few of them
 */
export function secondsLeft(steps: readonly StepEvent[], whole: number): number | undefined {
  const last = steps.at(-1);
  if (last === undefined || steps.length < fewest) return undefined;
  const latest = steps.slice(-window).map(({ seconds }) => seconds);
  const remaining = Math.max(0, whole - last.step);
  return remaining * ((median(latest) ?? 0) + secondsBetween(steps));
}

/** Mean seconds from a step's end to the next one's beginning; 0 where their times are not known. */
function secondsBetween(steps: readonly StepEvent[]): number {
  const [first, ...rest] = steps;
  const last = rest.at(-1);
  if (first?.time === undefined || last?.time === undefined) return 0;
  const passed = (Date.parse(last.time) - Date.parse(first.time)) / 1000;
  const inSteps = rest.reduce((sum, { seconds }) => sum + seconds, 0);
  return Math.max(0, passed - inSteps) / rest.length;
}
