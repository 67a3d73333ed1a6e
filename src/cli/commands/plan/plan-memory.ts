/** @file The memory of a training step in a plan, by the number of segments it is cut into. */
import type { PlacedAdapter } from '../../../adapters/index.ts';
import { formatBytes, formatPlural } from '../../../base/quantities.ts';
import { type SegmentPlan, segmentPlans } from '../../../graph/index.ts';
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { latentShape } from '../../../pipeline/draw/autoencoder.ts';
import { nativeSide, requirePictureSize } from '../../../pipeline/draw/picture-size.ts';
import { StepProgram } from '../../../train/step-program.ts';
import { commandLine } from '../../shell/command-line.ts';
import { formatTable } from '../../words/table.ts';

export interface StepMemoryOptions {
  readonly placed: readonly PlacedAdapter[];
  /** Side of the pictures in pixels. @default the side that the model was trained at */
  readonly resolution?: number | undefined;
  readonly batchSize: number;
  /** Resident memory to stay within. */
  readonly memoryBytes: number | undefined;
  /** Called with each count of segments that was worked out. */
  readonly onPlan: (plan: SegmentPlan) => void;
}

/** Expected peaks of resident memory. */
export interface StepMemory {
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
 * @throws ConfigError PICTURE_SIZE
 */
export function stepMemory(
  model: BaseModel,
  { placed, resolution = nativeSide(model), batchSize, memoryBytes, onPlan }: StepMemoryOptions,
): StepMemory {
  const size = { height: resolution, width: resolution };
  requirePictureSize(model, size);
  const [, ...latent] = latentShape(model, size);
  const { step, weightsInPlace } = StepProgram.plan(model, {
    placed,
    sampleShape: [batchSize, ...latent],
  });
  const plans: SegmentPlan[] = [];
  for (const plan of segmentPlans(step, { weightsInPlace })) {
    plans.push(plan);
    onPlan(plan);
    if (plan.bytes <= (memoryBytes ?? 0)) return { resolution, batchSize, plans, fits: plan };
  }
  return { resolution, batchSize, plans, ...(memoryBytes === undefined ? {} : { fits: null }) };
}

/** The memory as a table, and what stays within what was given. */
export function stepMemoryText(
  { resolution, batchSize, plans, fits }: StepMemory,
  given: string | undefined,
): string {
  const table = formatTable(
    [
      { title: 'segments', align: 'right' },
      { title: 'memory', align: 'right' },
    ],
    plans.map(({ count, bytes }) => [String(count), formatBytes(bytes)]),
  );
  const heading = `A training step on the CPU, ${resolution} x ${resolution} pixels, ${formatPlural(batchSize, 'picture')} at once:`;
  return `${heading}\n${table}${fits === undefined ? '' : `${verdict(fits, plans, given)}\n`}`;
}

function verdict(fits: SegmentPlan | null, plans: readonly SegmentPlan[], given = ''): string {
  if (fits !== null) {
    const how = fits.count === 1 ? 'in one piece' : `in ${fits.count} segments`;
    return `Within ${given} it runs ${how}: ${commandLine('train', '--memory', given)}`;
  }
  const least = plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  return `${given} is too little: the least is ${formatBytes(least.bytes)}; take a smaller batch or resolution.`;
}
