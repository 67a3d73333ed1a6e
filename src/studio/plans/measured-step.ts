/** @file What steps of earlier runs took, for runs of the same kind. */
import { median } from '../../base/numbers/median.ts';
import type { TrainConfig } from '../../train/train-options.ts';
import type { RunLook } from '../runs/known-run.ts';

/** What decides the time of a step, besides the machine. */
const deciding = [
  ...['base', 'adapter', 'resolution', 'batchSize', 'accumulate'],
  ...['device', 'targets', 'buckets', 'newToken', 'memory'],
] as const satisfies readonly (keyof TrainConfig)[];

/** Before so many steps, nothing can be said. */
const fewest = 5;

export type StepKind = Pick<TrainConfig, (typeof deciding)[number]>;

/**
 * Seconds of a step in the latest run of the same kind: their median.
 *
 * @param runs the latest first
 */
export function measuredStep(kind: StepKind, runs: readonly RunLook[]): number | undefined {
  const wanted = keyOf(kind);
  for (const { record, journal } of runs) {
    if (record === undefined || journal.steps.length < fewest) continue;
    if (keyOf(record.config) !== wanted) continue;
    return median(journal.steps.map(({ seconds }) => seconds));
  }
  return undefined;
}

function keyOf(kind: StepKind): string {
  return JSON.stringify(deciding.map((key) => kind[key] ?? null));
}
