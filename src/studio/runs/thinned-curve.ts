/** @file Series over steps, thinned so that what sticks out stays. */
import type { StepEvent } from '../../train/folder/read-events.ts';
import type { RunCurve } from '../interface/run-operations.ts';

/**
 * At most so many points of a run: the first and the last step, and between them of each bucket of neighbours the two
 * with the least and the largest loss.
 */
export function thinnedCurve(steps: readonly StepEvent[], points: number): RunCurve {
  const kept = steps.length <= points ? steps : thinned(steps, points);
  return {
    steps: kept.map(({ step }) => step),
    loss: kept.map(({ loss }) => loss),
    learningRate: kept.map(({ learningRate }) => learningRate),
    gradientNorm: kept.map(({ gradientNorm }) => gradientNorm),
    seconds: kept.map(({ seconds }) => seconds),
    memoryBytes: kept.map(({ memoryBytes }) => memoryBytes),
  };
}

function thinned(steps: readonly StepEvent[], points: number): readonly StepEvent[] {
  const inner = steps.slice(1, -1);
  const buckets = Math.floor((points - 2) / 2);
  const kept = Array.from({ length: buckets }, (_, i) => {
    const from = Math.floor((i * inner.length) / buckets);
    return extremes(inner.slice(from, Math.floor(((i + 1) * inner.length) / buckets)));
  });
  return [...steps.slice(0, 1), ...kept.flat(), ...steps.slice(-1)];
}

/** In the order of their steps. */
function extremes(bucket: readonly StepEvent[]): readonly StepEvent[] {
  let [least] = bucket;
  let largest = least;
  for (const each of bucket) {
    if (least === undefined || each.loss < least.loss) least = each;
    if (largest === undefined || each.loss > largest.loss) largest = each;
  }
  const both = [least, largest].filter((each) => each !== undefined);
  return [...new Set(both)].sort((a, b) => a.step - b.step);
}
