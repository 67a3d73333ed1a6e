/** @file What a sweep amounts to, for people: how much work its tasks are, and how long one machine takes. */
import { stepShare } from '../../../train/step-cost.ts';
import type { Task } from '../work/worker-protocol.ts';
import type { SweepEstimate } from './estimate.ts';

/**
 * Expected seconds on one machine; loading, encoding and scoring come on top.
 *
 * @param productRate floating-point operations a second of one large product there
 */
export function expectedSeconds(
  { trainingFlops, drawingFlops }: Pick<SweepEstimate, 'trainingFlops' | 'drawingFlops'>,
  productRate: number,
): number {
  return (trainingFlops + drawingFlops) / (stepShare * productRate);
}

/** Trainings, their steps, and pictures. */
export function workOf(tasks: readonly Task[]): {
  readonly trainings: number;
  readonly steps: number;
  readonly pictures: number;
} {
  const trainings = tasks.flatMap(({ training }) => training ?? []);
  const scorings = tasks.flatMap((task) => task.scorings);
  return {
    trainings: trainings.length,
    steps: trainings.reduce((sum, { settings }) => sum + Number(settings.steps), 0),
    pictures: scorings.reduce(
      (sum, { prompts, seeds, unrelated }) =>
        sum + prompts.length * seeds.length + unrelated.length,
      0,
    ),
  };
}
