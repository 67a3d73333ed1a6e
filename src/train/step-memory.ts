/** @file Whether a training step fits the memory that there is, before any of it is taken. */

import { sizeText } from '../base/byte-size.ts';
import { ConfigError } from '../base/errors.ts';
import { largestFitting } from '../base/numbers/largest-fitting.ts';
import { formatCount } from '../base/quantities.ts';
import { segmentPlans } from '../graph/index.ts';
import { latentShape } from '../pipeline/draw/autoencoder.ts';
import { sideMultiple } from '../pipeline/draw/picture-size.ts';
import type { PlannedStep } from '../pipeline/network/open-network.ts';
import { machineMemory } from '../platform/machine.ts';
import { elementCount, type Shape } from '../tensor/tensor.ts';
import { StepProgram } from './step-program.ts';
import type { TrainPlan } from './training-plan.ts';

/** Elements of latents up to which tracing a step is quick, whether it fits or not. */
const quickElements = 2 ** 18;

/** Elements of latents from which a single picture's step is not even traced: 8192 pixels of a usual model. */
const mostElements = 2 ** 22;

/**
 * Traces the step of a run and refuses it where it would need more memory than there is. Estimates are for the CPU: of
 * other devices nothing is known before.
 *
 * @param available bytes. @default those of this machine
 * @throws ConfigError MEMORY_TOO_SMALL naming the largest batch or resolution that fits, or what the setting `memory`
 * would do; what tracing throws
 */
export function requireStep(plan: TrainPlan, available = machineMemory()): void {
  const { config, base, sampleShape, memoryBytes = Number.POSITIVE_INFINITY } = plan;
  const isKnown = (base.device ?? 'cpu') === 'cpu';
  const limit = Math.min(available, memoryBytes);
  const fits = (shape: Shape) => {
    const [rows = 1] = shape;
    if (!isKnown) return true;
    if (elementCount(shape) > mostElements * rows) return false;
    const { placed } = plan;
    return bytesOf(StepProgram.plan(base, { placed, sampleShape: shape }), memoryBytes) <= limit;
  };
  if (elementCount(sampleShape) <= quickElements) {
    // Says the least memory that does, where it was given.
    const planned = StepProgram.plan(base, plan);
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

/** What a step holds in the segments that it will run in: the fewest that stay within what was given. */
function bytesOf({ step, weightsInPlace }: PlannedStep, given: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { bytes } of segmentPlans(step, { weightsInPlace })) {
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
