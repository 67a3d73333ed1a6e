/** @file AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), as `torch.optim.AdamW`. */
import { ConfigError } from '../base/errors.ts';
import { float32 } from '../tensor/tensor.ts';
import { matching } from './matching.ts';
import type { Optimizer } from './optimizer.ts';

export interface AdamWOptions {
  /** Decay of the mean of gradients. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @default 0.999 */
  readonly beta2?: number;
  /** Added to the root of the squares. @default 1e-8 */
  readonly epsilon?: number;
  /** Share of a parameter that an update with learning rate 1 takes away. @default 0.01 */
  readonly weightDecay?: number;
}

const { fround } = Math;

/**
 * AdamW, every operation rounded to float32 in PyTorch's order.
 *
 * @throws ConfigError where an option is out of range
 */
export function adamw({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0.01,
}: AdamWOptions = {}): Optimizer {
  requireBelowOne('beta1', beta1);
  requireBelowOne('beta2', beta2);
  requireNotNegative('epsilon', epsilon);
  requireNotNegative('weightDecay', weightDecay);
  const options = { beta1, beta2, epsilon, weightDecay };
  return {
    init(parameters) {
      const zeros = [...parameters].flatMap(([name, { shape }]) =>
        ['mean', 'square'].map((quantity) => [`${quantity}/${name}`, float32(shape)] as const),
      );
      return { step: 0, tensors: new Map(zeros) };
    },
    update(parameters, gradients, state, learningRate) {
      state.step += 1;
      const rate = ratesAtStep(options, state.step, learningRate);
      for (const [name, parameter] of parameters) {
        const like = { shape: parameter.shape, optimizer: 'adamw' };
        updateParameter(rate, {
          parameter: parameter.data,
          gradient: matching(gradients, name, like),
          mean: matching(state.tensors, `mean/${name}`, like),
          square: matching(state.tensors, `square/${name}`, like),
        });
      }
    },
  };
}

interface Rates {
  readonly keep: number;
  readonly meanShare: number;
  readonly beta2: number;
  readonly squareShare: number;
  readonly squareRoot: number;
  readonly stepSize: number;
  readonly epsilon: number;
}

/** The scalars of one step: in double, as Python has them, then float32, as the tensors meet them. */
function ratesAtStep(
  { beta1, beta2, epsilon, weightDecay }: Required<AdamWOptions>,
  step: number,
  learningRate: number,
): Rates {
  return {
    keep: fround(1 - learningRate * weightDecay),
    meanShare: fround(1 - beta1),
    beta2: fround(beta2),
    squareShare: fround(1 - beta2),
    squareRoot: fround(Math.sqrt(1 - beta2 ** step)),
    stepSize: fround(-(learningRate / (1 - beta1 ** step))),
    epsilon: fround(epsilon),
  };
}

interface ParameterArrays {
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

function updateParameter(rate: Rates, { parameter, gradient, mean, square }: ParameterArrays) {
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i] ?? 0;
    // m ← m + (1-β₁)(g - m)
    const m = fround((mean[i] ?? 0) + fround(rate.meanShare * fround(g - (mean[i] ?? 0))));
    // v ← β₂v + (1-β₂)g²
    const decayed = fround((square[i] ?? 0) * rate.beta2);
    const v = fround(decayed + fround(fround(rate.squareShare * g) * g));
    // θ ← (1 - lr·λ)θ - lr/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε)
    const divisor = fround(fround(fround(Math.sqrt(v)) / rate.squareRoot) + rate.epsilon);
    const kept = fround((parameter[i] ?? 0) * rate.keep);
    parameter[i] = kept + fround(fround(rate.stepSize * m) / divisor);
    mean[i] = m;
    square[i] = v;
  }
}

function requireBelowOne(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new ConfigError('OPTIMIZER_OPTION', `adamw: ${name} is from 0 up to below 1, got ${value}`);
}

function requireNotNegative(name: string, value: number): void {
  if (value >= 0) return;
  throw new ConfigError('OPTIMIZER_OPTION', `adamw: ${name} is not negative, got ${value}`);
}
