/** @file What one training step takes, before any weight is there: operations by counting, memory by planning. */
import { sizeText } from '../base/byte-size.ts';
import { flops } from '../graph/index.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import type { PlannedStep } from '../pipeline/network/planned-step.ts';
import { type StepOptions, StepProgram } from './step-program.ts';
import type { TrainPlan } from './training-plan.ts';

export interface StepCost {
  /** Operations of the whole step, and of its forward pass for one picture of the model's own size. */
  readonly flops: number;
  readonly forward: number;
  /** Expected resident memory, in one piece. */
  readonly bytes: number;
  /** Trained numbers. */
  readonly parameters: number;
}

/** What steps are taken to reach of the rate of one large product, where they are not measured. */
export const stepShare = 0.5;

/** Of the memory of a machine, bytes that a training may be given: the rest is for everything else. */
export function memoryToGive(available: number): number {
  return 0.9 * available;
}

/** Bytes as the setting `memory` says them: `22.8GB`. */
export function memorySetting(bytes: number): string {
  return sizeText(bytes).replace(' ', '');
}

/** Value, gradient, two moments of AdamW, and the gradient's copy while it is handed over. */
const bytesPerParameter = 5 * 4;

interface Traced {
  readonly planned: PlannedStep;
  readonly cost: StepCost;
}

/**
 * Costs of steps; tracing one of a model of real size takes a second, so that one is traced for all that differ in the
 * options of their method alone, such as its rank.
 */
export class StepCosts {
  readonly #traced = new Map<string, Traced>();

  of(training: TrainPlan): StepCost {
    const { cost } = this.#tracedLike(training);
    return { ...cost, ...moreThan(cost, training) };
  }

  /** What it holds in the fewest segments that stay within a limit; the least where none do. */
  leastWithin(training: TrainPlan, limit: number): number {
    const { planned, cost } = this.#tracedLike(training);
    const more = moreThan(cost, training).bytes - cost.bytes;
    let least = Number.POSITIVE_INFINITY;
    for (const { bytes } of planned.plans()) {
      least = Math.min(least, bytes + more);
      if (least <= limit) break;
    }
    return least;
  }

  #tracedLike(training: TrainPlan): Traced {
    const { base, sampleShape, placed } = training;
    const methods = placed.map(({ adapter, sites }) => [adapter.method, sites.length]);
    const key = JSON.stringify([base.name, sampleShape, methods]);
    const traced = this.#traced.get(key) ?? trace(training);
    this.#traced.set(key, traced);
    return traced;
  }
}

/** The same step with so many more parameters. */
function moreThan({ bytes, parameters }: StepCost, { parameterCount }: TrainPlan) {
  const more = bytesPerParameter * (parameterCount - parameters);
  return { parameters: parameterCount, bytes: bytes + more };
}

function trace(training: TrainPlan): Traced {
  const { base, sampleShape } = training;
  const planned = StepProgram.plan(base, { ...training, memoryBytes: undefined });
  const [whole] = planned.plans();
  const [batch = 1] = sampleShape;
  const [side = 1] = sampleShape.slice(-1);
  const native = base.unet.config.sampleSize;
  const cost = {
    flops: flopsOf(planned),
    forward: (flops(planned.step.program) / batch) * (native / side) ** 2,
    bytes: whole?.bytes ?? 0,
    parameters: training.parameterCount,
  };
  return { planned, cost };
}

/** Floating-point operations of a step in one piece: forward, and backward to what is trained. */
export function stepFlops(base: BaseModel, options: StepOptions): number {
  return flopsOf(StepProgram.plan(base, { ...options, memoryBytes: undefined }));
}

function flopsOf(planned: PlannedStep): number {
  const programs = planned.segments(1).flatMap(({ forward, backward }) => [forward, backward]);
  return programs.reduce((sum, program) => sum + (program ? flops(program) : 0), 0);
}
