/** @file How much memory a step needs in how many segments. */
import { elementCount } from '../tensor/tensor.ts';
import { type CompileOptions, simplify } from './emit.ts';
import type { Program } from './graph.ts';
import { byteSize, peakBytes } from './memory.ts';
import { integerConvolutionName } from './ops/eight-bits/integer-convolution.ts';
import { type ForwardStep, type Segment, segmentStep } from './segments.ts';

/** A number of segments and the peak of resident memory expected of it. */
export interface SegmentPlan {
  /** 1 is the whole step as one program. */
  readonly count: number;
  readonly bytes: number;
}

/** A step cut into so many segments. */
export interface CutStep extends SegmentPlan {
  /** As they will be run: see simplify(). */
  readonly segments: readonly Segment[];
}

/**
 * Resident memory beside the weights, in bytes: from `least` of a small model to `most` of a large one for the process,
 * the sessions and what operations hold while they run (a weight is widened where it is used), `perByte` for each byte
 * of live values, which an arena and the heap cannot use again without gaps. Fitted so that no peak measured on the CPU
 * lies above its estimate, and of large models none more than a tenth below: Stable Diffusion 1.5 at 512 pixels 5.35 GB
 * whole and 5.30, 4.92, 4.63, 4.57 GB in 2, 4, 8, 12 segments; at 256 pixels 3.25 GB whole and 4.27 GB in 4; two
 * pictures of 512 pixels 7.6 GB whole, one in eight bits 6.26 GB; XL at 1024 pixels 14.4 GB in 3. The bundled model, of 14 MB: at 64 pixels 0.28,
 * 0.30, 0.49 GB whole for 1, 4, 32 pictures, and 32 in 6 and 12 segments 0.43 and 0.46 GB; drawing with it, `forward`,
 * 0.22, 0.27, 0.43, 1.11 GB at 64, 256, 512, 1024 pixels.
 */
const beside = {
  whole: { least: 0.26e9, most: 0.8e9, perByte: 1.87 },
  forward: { least: 0.26e9, most: 0.8e9, perByte: 2.15 },
  segmented: { least: 0.34e9, most: 1.08e9, perByte: 1.3 },
};
/** Weights from which a model counts as large: those of Stable Diffusion 1.5's UNet in half precision. */
const largeWeights = 1.7e9;
/** What training keeps of each parameter: its value, and the two moments of AdamW. */
const keptPerParameter = 3;
const counts = [1, 2, 3, 4, 6, 8, 12, 16];

export type InPlace = Pick<CompileOptions, 'weightsInPlace'>;

/** A step in all counts of segments worth trying, fewest first; each is worked out when it is asked for. */
export function* segmentPlans(step: ForwardStep, options: InPlace = {}): Generator<CutStep, void> {
  for (const count of counts) yield cutStep(step, count, options);
}

/** Cuts a step into `count` segments, and works out the peak of resident memory expected of it. */
export function cutStep(
  step: ForwardStep,
  count: number,
  { weightsInPlace = false }: InPlace = {},
): CutStep {
  const simplified = (pass: Program | undefined) => pass && simplify(pass, { weightsInPlace });
  const segments = segmentStep(step, count).map(({ forward, backward }) => ({
    forward: simplified(forward),
    backward: simplified(backward),
  }));
  const programs = segments.flatMap(({ forward, backward }) =>
    [forward, backward].filter((pass) => pass !== undefined),
  );
  // Every session maps what it reads of the file for itself, and each mapping counts as resident.
  const weights = programs.reduce((sum, program) => sum + weightBytes(program, weightsInPlace), 0);
  const values = Math.max(...programs.map(peakBytes));
  const kept = keptPerParameter * parameterBytes(step);
  const cut = count === 1 ? 'whole' : 'segmented';
  return { count, bytes: Math.round(kept + residentBytes(cut, { weights, values })), segments };
}

/** Expected peak of resident memory of a forward pass alone. */
export function forwardBytes(program: Program, { weightsInPlace = false }: InPlace = {}): number {
  const simplified = simplify(program, { weightsInPlace });
  const weights = weightBytes(simplified, weightsInPlace);
  return Math.round(residentBytes('forward', { weights, values: peakBytes(simplified) }));
}

function residentBytes(
  cut: keyof typeof beside,
  { weights, values }: { readonly weights: number; readonly values: number },
): number {
  const { least, most, perByte } = beside[cut];
  const fixed = least + (most - least) * Math.min(1, weights / largeWeights);
  return fixed + weights + perByte * values;
}

function parameterBytes({ program, parameters }: ForwardStep): number {
  return program.graph.nodes
    .filter(({ operation }) => operation.name === 'input')
    .filter(({ operation }) => parameters.has(String(operation.attributes.name)))
    .flatMap(({ outputs }) => outputs)
    .reduce((sum, value) => sum + byteSize(value), 0);
}

/**
 * Bytes of the weights that a program reads: as stored, or as float32 copies; those of eight bits are never widened for
 * good, and packed, which of kernels leaves what is in their file there too.
 */
function weightBytes({ graph }: Program, inPlace: boolean): number {
  const twice = new Set(
    graph.nodes
      .filter(({ operation }) => operation.name === integerConvolutionName)
      .map(({ inputs }) => inputs[1]),
  );
  return graph.nodes
    .filter(({ operation }) => operation.name === 'weight')
    .flatMap(({ outputs }) => outputs)
    .reduce((sum, value) => {
      const isKept = inPlace || value.dtype === 'i8';
      const bytes = isKept ? byteSize(value) : 4 * elementCount(value.shape);
      return sum + bytes * (twice.has(value) ? 2 : 1);
    }, 0);
}
