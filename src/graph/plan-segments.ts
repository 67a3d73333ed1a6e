/** @file How much memory a step needs in how many segments. */
import { elementCount } from '../tensor/tensor.ts';
import { type CompileOptions, simplify } from './emit.ts';
import type { Program } from './graph.ts';
import { byteSize, peakBytes } from './memory.ts';
import { type ForwardStep, segmentStep } from './segments.ts';

/** A number of segments and the peak of resident memory expected of it. */
export interface SegmentPlan {
  /** 1 is the whole step as one program. */
  readonly count: number;
  readonly bytes: number;
}

/**
 * Resident memory beside the weights, in bytes: `fixed` for the process, the sessions and what operations hold while
 * they run, `perByte` for each byte of live values, which an arena and the heap cannot use again without gaps. Fitted so
 * that no peak measured on the CPU lies above its estimate, and none more than a tenth below: Stable Diffusion 1.5 at
 * 512 pixels 5.35 GB whole and 5.30, 4.92, 4.63, 4.57 GB in 2, 4, 8, 12 segments; at 256 pixels 3.25 GB whole and
 * 4.27 GB in 4; two pictures of 512 pixels 7.6 GB whole; XL at 1024 pixels 14.4 GB in 3.
 */
const beside = {
  whole: { fixed: 0.8e9, perByte: 1.87 },
  segmented: { fixed: 1.08e9, perByte: 1.3 },
};
/** What training keeps of each parameter: its value, and the two moments of AdamW. */
const keptPerParameter = 3;
const counts = [1, 2, 3, 4, 6, 8, 12, 16];

/** Expected peaks for all counts worth trying, fewest segments first; each is worked out when it is asked for. */
export function* segmentPlans(
  step: ForwardStep,
  { weightsInPlace = false }: Pick<CompileOptions, 'weightsInPlace'> = {},
): Generator<SegmentPlan, void> {
  const kept = keptPerParameter * parameterBytes(step);
  for (const count of counts) {
    const programs = segmentStep(step, count).flatMap(({ forward, backward }) =>
      [forward, backward].flatMap((pass) => (pass ? [simplify(pass, { weightsInPlace })] : [])),
    );
    const { fixed, perByte } = beside[count === 1 ? 'whole' : 'segmented'];
    // Every session maps what it reads of the file for itself, and each mapping counts as resident.
    const weights = programs.reduce(
      (sum, program) => sum + weightBytes(program, weightsInPlace),
      0,
    );
    const values = Math.max(...programs.map(peakBytes));
    yield { count, bytes: Math.round(fixed + kept + weights + perByte * values) };
  }
}

function parameterBytes({ program, parameters }: ForwardStep): number {
  return program.graph.nodes
    .filter(({ operation }) => operation.name === 'input')
    .filter(({ operation }) => parameters.has(String(operation.attributes.name)))
    .flatMap(({ outputs }) => outputs)
    .reduce((sum, value) => sum + byteSize(value), 0);
}

/** Bytes of the weights that a program reads: as stored, or as float32 copies. */
function weightBytes({ graph }: Program, inPlace: boolean): number {
  const weights = graph.nodes.filter(({ operation }) => operation.name === 'weight');
  return weights
    .flatMap(({ outputs }) => outputs)
    .reduce((sum, value) => sum + (inPlace ? byteSize(value) : 4 * elementCount(value.shape)), 0);
}
