/** @file Whether a training step fits the memory and the graphics device that there are, before any of it is taken. */
import { sizeText } from '../base/byte-size.ts';
import { ConfigError } from '../base/errors.ts';
import { largestFitting } from '../base/numbers/largest-fitting.ts';
import { lineThrough } from '../base/numbers/line-through.ts';
import { formatCount } from '../base/quantities.ts';
import { encoderProgram, latentShape } from '../pipeline/draw/autoencoder.ts';
import { sideMultiple } from '../pipeline/draw/picture-size.ts';
import { isWithin, lackOf, requireWeightsWithin } from '../pipeline/network/device-limits.ts';
import type { PlannedStep } from '../pipeline/network/planned-step.ts';
import { promptPart } from '../pipeline/text/text-encoder.ts';
import { machineMemory } from '../platform/machine.ts';
import type { DeviceLimits } from '../runtime/index.ts';
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

/** What steps have to fit. */
interface Room {
  readonly code: 'MEMORY_TOO_SMALL' | 'DEVICE_LIMITS';
  /** What is said of a step that does not. */
  readonly lack: string;
  /** What else would help, of a step and of a whole model. */
  readonly advice: string;
  readonly instead: string;
  holds(planned: PlannedStep, sampleShape: Shape): boolean;
  fits(sampleShape: Shape): boolean;
}

/**
 * Traces the step of a run and refuses it where it would need more memory than there is, or values that are larger than
 * the graphics device takes. Of other devices' memory nothing is known before.
 *
 * @throws ConfigError MEMORY_TOO_SMALL, DEVICE_LIMITS naming the largest batch or resolution that fits, or what the
 * setting `memory` would do; what tracing throws
 */
export function requireStep(
  plan: TrainPlan,
  { traced = new TracedSteps(plan.base, plan), available = machineMemory() }: StepLimits = {},
): void {
  const { config, base, sampleShape } = plan;
  requireBaseWithin(plan, available);
  const room = roomFor(plan, available);
  if (elementCount(sampleShape) <= quickElements && elementsEach(sampleShape) <= tracedElements) {
    // Says the least memory that does, where it was given.
    const planned = traced.of(sampleShape);
    if (room?.holds(planned, sampleShape)) return;
  }
  if (room === undefined) return;
  const { batchSize } = config;
  const ofBatch = (count: number) => [rowsEach(plan) * count, ...sampleShape.slice(1)];
  const batchFits = largestFitting(batchSize, (count) => room.fits(ofBatch(count)));
  if (batchFits === batchSize) return;
  if (batchFits > 0) {
    throw new ConfigError(
      room.code,
      `batchSize: a training step of ${batchSize} pictures ${room.lack}; the largest batch that fits is ${batchFits}, and \`accumulate\` sums the gradients of several${room.advice}`,
    );
  }
  const { width } = plan.size;
  const side = largestSide(plan, room);
  throw new ConfigError(
    room.code,
    side === 0
      ? `base: a training step of ${base.name} with ${formatCount(plan.parameterCount)} parameters to train ${room.lack}, whatever the resolution; ${room.instead}`
      : `resolution: a training step of one picture of ${width} x ${width} pixels ${room.lack}; the largest resolution that fits is ${side}${room.advice}`,
  );
}

/** The largest resolution at which a step of one picture fits the memory of the processor; 0 where none does. */
export function largestResolution(plan: TrainPlan, available = machineMemory()): number {
  return largestSide(plan, memoryRoom(plan, available));
}

function largestSide(plan: TrainPlan, room: Room): number {
  const multiple = sideMultiple(plan.base);
  const ofSide = (side: number) => [
    rowsEach(plan),
    ...latentShape(plan.base, { width: side, height: side }).slice(1),
  ];
  const most = Math.floor(plan.size.width / multiple);
  return multiple * largestFitting(most, (n) => room.fits(ofSide(n * multiple)));
}

/** Samples of a step for each picture of a batch. */
function rowsEach({ config: { batchSize }, sampleShape: [rows = batchSize] }: TrainPlan): number {
  return rows / batchSize;
}

/** What is traced of a run's steps, of whatever size and in however much memory. */
function stepOf({ placed, texts, loss, isMasked }: TrainPlan) {
  return { placed, texts, loss, isMasked };
}

/** Undefined where nothing is known of the device. */
function roomFor(plan: TrainPlan, available: number): Room | undefined {
  const { device = 'cpu', limits } = plan.base;
  if (device === 'cpu') return memoryRoom(plan, available);
  return limits && deviceRoom(plan, limits);
}

function memoryRoom(plan: TrainPlan, available: number): Room {
  const { base, memoryBytes = Number.POSITIVE_INFINITY } = plan;
  const step = stepOf(plan);
  const limit = Math.min(available, memoryBytes);
  const estimate = largeStepBytes(plan);
  const there = `${memoryBytes < available ? 'given are' : 'this machine has'} ${sizeText(limit)}`;
  const holds = (planned: PlannedStep) => bytesOf(planned, memoryBytes) <= limit;
  return {
    code: 'MEMORY_TOO_SMALL',
    lack: `needs more memory than there is (${there})`,
    advice: cutAdvice(plan, limit),
    instead: 'use a smaller adapter, a smaller model or another machine',
    holds,
    fits: (sampleShape) =>
      elementsEach(sampleShape) > tracedElements
        ? estimate(sampleShape) <= limit
        : holds(StepProgram.plan(base, { ...step, sampleShape })),
  };
}

/** A gradient has the shape of its value, and attention's backward pass is in small parts: the forward pass decides. */
function deviceRoom(plan: TrainPlan, limits: DeviceLimits): Room {
  const { base } = plan;
  const step = stepOf(plan);
  const encodes = ([, , height = 1, width = 1]: Shape) => {
    const { downsampling } = base.vae.config;
    const size = { height: height * downsampling, width: width * downsampling };
    return isWithin(encoderProgram(base, size), limits);
  };
  const holds = ({ step }: PlannedStep, sampleShape: Shape) =>
    isWithin(step.program, limits) && encodes(sampleShape);
  return {
    code: 'DEVICE_LIMITS',
    lack: lackOf(limits),
    advice: '; `device: cpu` has no such limit',
    instead: 'use `device: cpu` or a smaller model',
    holds,
    fits: (sampleShape) => holds(StepProgram.plan(base, { ...step, sampleShape }), sampleShape),
  };
}

/** @throws ConfigError DEVICE_LIMITS where the device does not take the weights of what training opens */
function requireBaseWithin(plan: TrainPlan, available: number): void {
  const { base } = plan;
  if (base.limits === undefined) return;
  const size = { width: sideMultiple(base), height: sideMultiple(base) };
  const sampleShape = latentShape(base, size);
  const step = StepProgram.plan(base, { ...stepOf(plan), sampleShape }).step.program;
  const parts = [
    promptPart(base),
    { weights: base.unet.weights, program: step },
    { weights: base.vae.weights, program: encoderProgram(base, size) },
  ];
  requireWeightsWithin(base.limits, { name: base.name, parts, available });
}

/** Elements of the latents of one picture. */
function elementsEach([rows = 1, ...latent]: Shape): number {
  return elementCount([rows, ...latent]) / rows;
}

/**
 * What a step of pictures that are too large to be traced holds, in as few bytes as segments allow where the run may be
 * cut: all but a constant is proportional to the pixels (of the bundled model at 1024 pixels, within 3 % of the trace).
 */
function largeStepBytes(plan: TrainPlan): (shape: Shape) => number {
  const { base, memoryBytes } = plan;
  const step = stepOf(plan);
  let line: ((elements: number) => number) | undefined;
  const traced = (side: number) => {
    const sampleShape = [1, ...latentShape(base, { width: side, height: side }).slice(1)];
    const planned = StepProgram.plan(base, { ...step, sampleShape });
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
  return `; "memory", such as ${sizeText(0.9 * limit)} or auto, cuts a step into segments that hold less`;
}
