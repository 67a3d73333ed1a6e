/** @file How much memory a step needs in how many segments. */
import { simplify } from './emit.ts';
import { peakBytes } from './memory.ts';
import { type ForwardStep, segmentStep } from './segments.ts';

/** What the estimate needs to know besides the graph. */
export interface WeightMemory {
  /** Bytes of the weights as stored. */
  readonly bytes: number;
  /** Whether they stay as stored, paged in from their file, or become float32 copies. */
  readonly inPlace: boolean;
}

/** A number of segments and the peak of resident memory expected of it. */
export interface SegmentPlan {
  /** 1 is the whole step as one program. */
  readonly count: number;
  readonly bytes: number;
}

/** The process itself, before any model. */
const processBytes = 0.4e9;
/**
 * Resident memory over the bytes of live values: workspaces of products and convolutions, and what an arena cannot use
 * again. Measured for Stable Diffusion 1.5 at 512 pixels: 2.1 in one piece, below 1 in six segments without an arena.
 */
const factorOf = { whole: 2.1, segmented: 1.2 };
const counts = [1, 2, 3, 4, 6, 8, 12, 16];

/** Expected peaks for all counts worth trying, fewest segments first. */
export function segmentPlans(step: ForwardStep, weights: WeightMemory): readonly SegmentPlan[] {
  const options = { weightsInPlace: weights.inPlace };
  return counts.map((count) => {
    const passes = segmentStep(step, count).flatMap(({ backward }) =>
      backward === undefined ? [] : [simplify(backward, options)],
    );
    const factor = count === 1 ? factorOf.whole : factorOf.segmented;
    // Both passes of a segment map the file, and each mapping counts as resident.
    const mappings = (count === 1 ? 1 : 2) * (weights.inPlace ? 1 : 2);
    const values = factor * Math.max(...passes.map(peakBytes));
    return { count, bytes: Math.round(processBytes + mappings * weights.bytes + values) };
  });
}
