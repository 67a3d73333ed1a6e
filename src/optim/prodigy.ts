/** @file Prodigy: Adam that finds its own step size (Mishchenko and Defazio 2023, algorithm 4), as `prodigyopt`. */
import { float32 } from '../tensor/tensor.ts';
import { matching } from './matching.ts';
import type { NamedTensors, Optimizer, OptimizerState } from './optimizer.ts';

export interface ProdigyOptions {
  /** Decay of the mean of gradients. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; of the estimate's sums, its root. @default 0.999 */
  readonly beta2?: number;
  /** Added to the root of the squares. @default 1e-8 */
  readonly epsilon?: number;
  /** Share of a parameter that an update with step size 1 takes away. @default 0 */
  readonly weightDecay?: number;
  /** What the distance is taken to be at first; small against the true one. @default 1e-6 */
  readonly firstDistance?: number;
  /** Largest factor by which the distance grows in a step. @default Infinity */
  readonly growth?: number | undefined;
  /** Makes up for means that begin at zero, as Adam does. @default false */
  readonly biasCorrection?: boolean;
  /** Keeps small learning rates out of the estimate's denominator, so that a warm-up doesn't inflate it. @default false */
  readonly safeguardWarmup?: boolean;
}

/** The name of d, its largest estimate and the numerator of the estimates, which all parameters share. */
const shared = 'distance';

/**
 * Learns the distance d from the start to the solution, and steps by d times the learning rate, usually 1.
 *
 * A learning rate of 0 leaves everything as it is, the count of updates too.
 */
export function prodigy({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
  firstDistance = 1e-6,
  growth = Number.POSITIVE_INFINITY,
  biasCorrection = false,
  safeguardWarmup = false,
}: ProdigyOptions = {}): Optimizer {
  const first = Math.fround(firstDistance); // as the state holds it
  return {
    init(parameters) {
      const own = [...parameters].flatMap(([name, { shape, data }]) => [
        ...['mean', 'square', 'sum'].map((each) => [`${each}/${name}`, float32(shape)] as const),
        [`start/${name}`, float32(shape, data)] as const,
      ]);
      return { step: 0, tensors: new Map([[shared, float32([3], [first, first, 0])], ...own]) };
    },
    update(parameters, gradients, state, learningRate) {
      if (learningRate === 0) return;
      const estimates = matching(state.tensors, shared, { shape: [3], optimizer: 'prodigy' });
      const [d = 0, largest = 0, remembered = 0] = estimates;
      const t = state.step + 1;
      const correction = biasCorrection ? Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t) : 1;
      const stepSize = d * learningRate * correction;
      const beta3 = Math.sqrt(beta2);
      const weight = (d / first) * (safeguardWarmup ? d : stepSize);
      const arrays = arraysOf(parameters, gradients, state);
      let numerator = beta3 * remembered;
      let denominator = 0;
      for (const each of arrays) {
        const { descent, slope } = remember(each, { beta1, beta2, beta3, d, weight });
        numerator += (d / first) * stepSize * descent;
        denominator += slope;
      }
      if (denominator === 0) return; // no gradient so far
      const estimate = numerator / denominator;
      const most = Math.max(largest, estimate);
      const next = Math.min(most, growth * (d === first ? Math.max(d, estimate) : d));
      estimates.set([next, most, numerator]);
      for (const each of arrays) {
        move(each, { stepSize, epsilon: next * epsilon, keep: 1 - stepSize * weightDecay });
      }
      state.step = t;
    },
  };
}

interface Arrays {
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
  readonly sum: Float32Array;
  readonly start: Float32Array;
}

function arraysOf(
  parameters: NamedTensors,
  gradients: NamedTensors,
  { tensors }: OptimizerState,
): readonly Arrays[] {
  return [...parameters].map(([name, { shape, data }]) => {
    const like = { shape, optimizer: 'prodigy' };
    const own = (quantity: string) => matching(tensors, `${quantity}/${name}`, like);
    return {
      parameter: data,
      gradient: matching(gradients, name, like),
      mean: own('mean'),
      square: own('square'),
      sum: own('sum'),
      start: own('start'),
    };
  });
}

interface Decays {
  readonly beta1: number;
  readonly beta2: number;
  readonly beta3: number;
  readonly d: number;
  /** Of the gradient in the sum s. */
  readonly weight: number;
}

/** Takes a gradient up into the means and the sum s; returns ⟨g, θ₀ − θ⟩ and ‖s‖₁. */
function remember(
  { parameter, gradient, mean, square, sum, start }: Arrays,
  { beta1, beta2, beta3, d, weight }: Decays,
): { readonly descent: number; readonly slope: number } {
  let descent = 0;
  let slope = 0;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i] ?? 0;
    // m ← β₁m + (1−β₁)dg, v ← β₂v + (1−β₂)(dg)², s ← √β₂·s + weight·g
    mean[i] = beta1 * (mean[i] ?? 0) + (1 - beta1) * d * g;
    square[i] = beta2 * (square[i] ?? 0) + (1 - beta2) * (d * g) ** 2;
    sum[i] = beta3 * (sum[i] ?? 0) + weight * g;
    descent += g * ((start[i] ?? 0) - (parameter[i] ?? 0));
    slope += Math.abs(sum[i] ?? 0);
  }
  return { descent, slope };
}

interface Movement {
  readonly stepSize: number;
  readonly epsilon: number;
  readonly keep: number;
}

/** θ ← (1 − η·λ)θ − η·m / (√v + dε) */
function move({ parameter, mean, square }: Arrays, { stepSize, epsilon, keep }: Movement): void {
  for (let i = 0; i < parameter.length; i++) {
    const direction = (mean[i] ?? 0) / (Math.sqrt(square[i] ?? 0) + epsilon);
    parameter[i] = keep * (parameter[i] ?? 0) - stepSize * direction;
  }
}
