/** @file What one training step takes, before any weight is there: operations by counting, memory by planning. */
import type { PlacedAdapter } from '../adapters/index.ts';
import { flops } from '../graph/index.ts';
import { traceUNet } from '../models/unet/sites.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { adaptsTexts } from '../pipeline/text/text-network.ts';
import { elementCount } from '../tensor/tensor.ts';
import { resolveConfig } from './resolve-options.ts';
import { stepKey } from './sized-steps.ts';
import { StepProgram } from './step-program.ts';
import { planTraining, type TrainPlan } from './training-plan.ts';

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

/** Value, gradient, two moments of AdamW, and the gradient's copy while it is handed over. */
const bytesPerParameter = 5 * 4;
/** Above this share of the UNet, gradients of weights are no small part of a step, which is traced then. */
const largeShare = 0.1;

/** Costs of steps; tracing one of a model of real size takes some seconds, so like ones are traced once. */
export class StepCosts {
  readonly #traced = new Map<string, StepCost>();

  /** Of a small adapter in the UNet alone: a step with the usual one, and its own parameters. */
  of(training: TrainPlan): StepCost {
    const { parameterCount: parameters, placed } = training;
    const isOwn = isTracedItself(training);
    const key = keyOf(training);
    const traced = this.#traced.get(key) ?? tracedCost(isOwn ? training : usualTraining(training));
    this.#traced.set(key, traced);
    const more = bytesPerParameter * (parameters - traced.parameters);
    const constants = isOwn ? 0 : constantBytes(placed);
    return { ...traced, parameters, bytes: traced.bytes + more + constants };
  }
}

/** What tells steps apart that are traced each for itself. */
function keyOf(training: TrainPlan): string {
  const { base, sampleShape } = training;
  if (!isTracedItself(training)) return JSON.stringify([base.name, sampleShape]);
  return stepKey({ ...training, memoryBytes: undefined }).join(' ');
}

function isTracedItself({ parameterCount, placed, base }: TrainPlan): boolean {
  return parameterCount > largeShare * unetParameters(base) || adaptsTexts(placed);
}

/** The same step with the adapter that is usual for the base. */
function usualTraining({ base, size, sampleShape, phrase, className }: TrainPlan): TrainPlan {
  const options = {
    ...{ images: '.', out: '.', subject: phrase, class: className },
    ...{ resolution: size.width, batchSize: sampleShape[0] },
  };
  return planTraining(resolveConfig(options, base.recommendation), base);
}

function tracedCost(training: TrainPlan): StepCost {
  const { base, sampleShape } = training;
  const planned = StepProgram.plan(base, { ...training, memoryBytes: undefined });
  const [whole] = planned.plans();
  const programs = planned.segments(1).flatMap(({ forward, backward }) => [forward, backward]);
  const [batch = 1] = sampleShape;
  const [side = 1] = sampleShape.slice(-1);
  const native = base.unet.config.sampleSize;
  return {
    flops: programs.reduce((sum, program) => sum + (program ? flops(program) : 0), 0),
    forward: (flops(planned.step.program) / batch) * (native / side) ** 2,
    bytes: whole?.bytes ?? 0,
    parameters: training.parameterCount,
  };
}

/** What methods compute from weights and read at every step; a traced step has it in. */
function constantBytes(placed: readonly PlacedAdapter[]): number {
  const shapes = placed.flatMap(({ adapter: { constants }, sites }) =>
    sites.flatMap((site) => Object.values(constants?.shapes(site) ?? {})),
  );
  return 4 * shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
}

function unetParameters({ unet }: BaseModel): number {
  const weights = [...traceUNet(unet.config).weights.values()];
  return weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}
