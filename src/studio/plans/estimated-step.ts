/** @file What a step takes of this machine, traced; the setting that makes it fit where it does not. */
import { sizeText } from '../../base/byte-size.ts';
import { invariant } from '../../base/errors.ts';
import { machineMemory } from '../../platform/machine.ts';
import { productRate } from '../../runtime/index.ts';
import { StepCosts, stepShare } from '../../train/step-cost.ts';
import { StepProgram } from '../../train/step-program.ts';
import type { TrainPlan } from '../../train/training-plan.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import type { EstimatedStep } from './plan-question.ts';
import { plannedAsFarAsRight } from './planned-training.ts';

/** Of the memory of a machine, what a training may be given: the rest is for everything else. */
const givenShare = 0.9;

/** Estimates steps; tracing one of a model of real size takes seconds. */
export class StepEstimator {
  readonly #costs = new StepCosts();
  readonly #now: () => number;
  readonly #available: number;
  #rate: Promise<number> | undefined;

  /**
   * @param now milliseconds
   * @param available bytes. @default those of this machine
   */
  constructor(now: () => number, available = machineMemory()) {
    this.#now = now;
    this.#available = available;
  }

  async estimate(settings: Settings): Promise<EstimatedStep> {
    const { training } = await plannedAsFarAsRight(settings);
    invariant(training !== undefined, 'a step of refused settings is estimated');
    this.#rate ??= productRate(this.#now);
    const { bytes, flops } = this.#costs.of(training);
    const secondsPerStep = (flops * training.config.accumulate) / (stepShare * (await this.#rate));
    return { secondsPerStep, ...this.#memory(training, bytes) };
  }

  #memory(training: TrainPlan, whole: number): Omit<EstimatedStep, 'secondsPerStep'> {
    const { memoryBytes: given = Number.POSITIVE_INFINITY } = training;
    const available = this.#available;
    const none = { memorySetting: undefined, problem: undefined };
    if (whole <= Math.min(given, available)) return { memoryBytes: whole, fits: true, ...none };
    const limit = Math.min(given, givenShare * available);
    const bytes = leastWithin(training, limit);
    // Of other devices nothing is known before.
    const about = { key: 'memory', isBlocking: training.config.device === 'cpu' };
    const there = `this machine has ${sizeText(available)}`;
    const has = { available: sizeText(Math.min(given, available)) };
    if (bytes > limit) {
      const message = `a training step needs at least ${sizeText(bytes)}, ${given <= available ? `${sizeText(given)} were given` : there}; use a smaller batch, resolution or model`;
      const details = { ...has, needed: sizeText(bytes) };
      const problem = { code: 'MEMORY_TOO_SMALL', message, details, ...about };
      return { memoryBytes: bytes, fits: false, memorySetting: undefined, problem };
    }
    if (given <= available) return { memoryBytes: bytes, fits: true, ...none };
    const memorySetting = sizeText(limit).replace(' ', '');
    const message = `a training step takes ${sizeText(whole)} in one piece, ${there}; \`memory: ${memorySetting}\` cuts it into segments that fit`;
    const details = { ...has, whole: sizeText(whole), setting: memorySetting };
    const problem = { code: 'MEMORY_TOO_SMALL', message, details, ...about };
    return { memoryBytes: whole, fits: false, memorySetting, problem };
  }
}

/** What a step holds in the fewest segments that stay within a limit; the least where none do. */
function leastWithin(training: TrainPlan, limit: number): number {
  const planned = StepProgram.plan(training.base, { ...training, memoryBytes: undefined });
  let least = Number.POSITIVE_INFINITY;
  for (const { bytes } of planned.plans()) {
    least = Math.min(least, bytes);
    if (bytes <= limit) break;
  }
  return least;
}
