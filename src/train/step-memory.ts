/** @file Whether a training step fits the memory that there is, before any of it is taken. */
import { sizeText } from '../base/byte-size.ts';
import { ConfigError } from '../base/errors.ts';
import { largestFitting } from '../base/numbers/largest-fitting.ts';
import { lineThrough } from '../base/numbers/line-through.ts';
import { formatCount } from '../base/quantities.ts';
import { latentShape } from '../pipeline/draw/autoencoder.ts';
import { sideMultiple } from '../pipeline/draw/picture-size.ts';
import type { PlannedStep } from '../pipeline/network/planned-step.ts';
import { machineMemory } from '../platform/machine.ts';
import { elementCount, type Shape } from '../tensor/tensor.ts';
import { TracedSteps } from './sized-steps.ts';
import { StepProgram } from './step-program.ts';
import type { TrainPlan } from './training-plan.ts';

/** Elements of latents up to which tracing a step is quick, whether it fits or not. */
const quickElements = 2 ** 18;

/**
 * Elements of a picture's latents up to which its step is traced, 1024 pixels of a usual model: attention is computed in
 * chunks, whose number grows with the square of the pixels.
 */
const tracedElements = 2 ** 16;

export interface StepLimits {
  /** Keeps what is traced of the run's own step. */
  readonly traced?: TracedSteps;
  /** Bytes. @default those of this machine */
  readonly available?: number;
}

/**
 * Traces the step of a run and refuses it where it would need more memory than there is. Estimates are for the CPU: of
 * other devices nothing is known before.
 *
 * @throws ConfigError MEMORY_TOO_SMALL naming the largest batch or resolution that fits, or what the setting `memory`
 * would do; what tracing throws
 */
export function requireStep(
  plan: TrainPlan,
  { traced = new TracedSteps(plan.base, plan), available = machineMemory() }: StepLimits = {},
): void {
  const { config, base, sampleShape, memoryBytes = Number.POSITIVE_INFINITY } = plan;
  const isKnown = (base.device ?? 'cpu') === 'cpu';
  const limit = Math.min(available, memoryBytes);
  const estimate = largeStepBytes(plan);
  const fits = (shape: Shape) => {
    if (!isKnown) return true;
    if (elementsEach(shape) > tracedElements) return estimate(shape) <= limit;
    const { placed } = plan;
    return bytesOf(StepProgram.plan(base, { placed, sampleShape: shape }), memoryBytes) <= limit;
  };
  if (elementCount(sampleShape) <= quickElements && elementsEach(sampleShape) <= tracedElements) {
    // Says the least memory that does, where it was given.
    const planned = traced.of(sampleShape);
    if (!isKnown || bytesOf(planned, memoryBytes) <= limit) return;
  }
  const { batchSize } = config;
  const [rows = batchSize] = sampleShape;
  const ofBatch = (count: number) => [(rows / batchSize) * count, ...sampleShape.slice(1)];
  const batchFits = largestFitting(batchSize, (count) => fits(ofBatch(count)));
  if (batchFits === batchSize) return;
  const there = `${memoryBytes < available ? 'given are' : 'this machine has'} ${sizeText(limit)}`;
  if (batchFits > 0) {
    throw tooLarge(
      `batchSize: a training step of ${batchSize} pictures needs more memory than there is (${there}); the largest batch that fits is ${batchFits}, and "accumulate" sums the gradients of several${cutAdvice(plan, limit)}`,
    );
  }
  const { width } = plan.size;
  const multiple = sideMultiple(base);
  const ofSide = (side: number) => [
    rows / batchSize,
    ...latentShape(base, { width: side, height: side }).slice(1),
  ];
  const most = Math.floor(width / multiple);
  const side = multiple * largestFitting(most, (n) => fits(ofSide(n * multiple)));
  throw tooLarge(
    side === 0
      ? `base: a training step of ${base.name} with ${formatCount(plan.parameterCount)} parameters to train needs more memory than there is (${there}), whatever the resolution; use a smaller adapter, a smaller model or another machine`
      : `resolution: a training step of one picture of ${width} x ${width} pixels needs more memory than there is (${there}); the largest resolution that fits is ${side}${cutAdvice(plan, limit)}`,
  );
}

/** Elements of the latents of one picture. */
function elementsEach([rows = 1, ...latent]: Shape): number {
  return elementCount([rows, ...latent]) / rows;
}

/**
 * What a step of pictures that are too large to be traced holds, in as few bytes as segments allow where the run may be
 * cut: all but a constant is proportional to the pixels (of the bundled model at 1024 pixels, within 3 % of the trace).
 */
function largeStepBytes({ base, placed, memoryBytes }: TrainPlan): (shape: Shape) => number {
  let line: ((elements: number) => number) | undefined;
  const traced = (side: number) => {
    const sampleShape = [1, ...latentShape(base, { width: side, height: side }).slice(1)];
    const planned = StepProgram.plan(base, { placed, sampleShape });
    const bytes = bytesOf(planned, memoryBytes === undefined ? Number.POSITIVE_INFINITY : 0);
    return [elementCount(sampleShape), bytes] as const;
  };
  return (shape) => {
    const multiple = sideMultiple(base);
    const side = (pixels: number) => Math.ceil(pixels / multiple) * multiple;
    line ??= lineThrough(traced(side(256)), traced(side(512)));
    return line(elementCount(shape));
  };
}

/** What a step holds in the segments that it will run in: the fewest that stay within what was given. */
function bytesOf(planned: PlannedStep, given: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { bytes } of planned.plans()) {
    least = Math.min(least, bytes);
    if (bytes <= given) break;
  }
  return least;
}

/** For a step that would run in one piece. */
function cutAdvice({ memoryBytes }: TrainPlan, limit: number): string {
  if (memoryBytes !== undefined) return '';
  return `; "memory", such as ${sizeText(0.9 * limit)}, cuts a step into segments that hold less`;
}

function tooLarge(message: string): ConfigError {
  return new ConfigError('MEMORY_TOO_SMALL', message);
}
