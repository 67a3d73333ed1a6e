/** @file The memory of a training step, by the number of segments it is cut into. */
import type { PlacedAdapter } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import type { SegmentPlan } from '../graph/index.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { latentShape } from '../pipeline/draw/autoencoder.ts';
import { nativeSide, requirePictureSize } from '../pipeline/draw/picture-size.ts';
import { elementCount } from '../tensor/tensor.ts';
import { StepProgram } from '../train/step-program.ts';

/** A step to plan. */
export interface StepToPlan {
  readonly placed: readonly PlacedAdapter[];
  /** Side of the pictures in pixels. @default the side that the model was trained at */
  readonly resolution?: number | undefined;
  readonly batchSize: number;
  /** Resident memory to stay within. */
  readonly memoryBytes: number | undefined;
  /** Called with each count of segments that was worked out. */
  readonly onPlan: (plan: SegmentPlan) => void;
}

/** Positions of a picture's latents up to which planning takes no more than a minute or so: 2048 pixels of a usual model. */
const mostPositions = 2 ** 16;

/** Expected peaks of resident memory. */
export interface PlannedMemory {
  readonly resolution: number;
  readonly batchSize: number;
  /** Fewest segments first, up to those that fit. */
  readonly plans: readonly SegmentPlan[];
  /** The fewest segments that stay within what was given; null where none do. */
  readonly fits?: SegmentPlan | null;
}

/**
 * Works out what a training step holds; takes seconds for a large model.
 *
 * @throws ConfigError PICTURE_SIZE, RESOLUTION_TOO_LARGE
 */
export function plannedMemory(
  model: BaseModel,
  { placed, resolution = nativeSide(model), batchSize, memoryBytes, onPlan }: StepToPlan,
): PlannedMemory {
  const size = { height: resolution, width: resolution };
  requirePictureSize(model, size);
  const [, ...latent] = latentShape(model, size);
  const [, ...sides] = latent;
  const positions = elementCount(sides);
  if (positions > mostPositions) {
    throw new ConfigError(
      'RESOLUTION_TOO_LARGE',
      `resolution: the memory of a training step at ${resolution} pixels is not worked out, because it would take hours; give at most ${Math.floor(resolution * Math.sqrt(mostPositions / positions))}`,
    );
  }
  const planned = StepProgram.plan(model, {
    placed,
    sampleShape: [batchSize, ...latent],
  });
  const plans: SegmentPlan[] = [];
  for (const plan of planned.plans()) {
    plans.push(plan);
    onPlan(plan);
    if (plan.bytes <= (memoryBytes ?? 0)) return { resolution, batchSize, plans, fits: plan };
  }
  return { resolution, batchSize, plans, ...(memoryBytes === undefined ? {} : { fits: null }) };
}
