/** @file How trainable tensors start. */
import { invariant } from '../../base/errors.ts';
import type { TorchGenerator } from '../../base/torch-random.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../tensor/tensor.ts';

/** A distribution to draw a tensor from; `deviation` is a standard deviation. */
export type Initialiser =
  | { readonly kind: 'zero' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  /** Computed from the site's frozen weight [out, in]. */
  | { readonly kind: 'weight'; readonly from: (weight: Tensor<'f32'>) => Tensor<'f32'> };

export const zero: Initialiser = { kind: 'zero' };

export function normal(deviation: number): Initialiser {
  return { kind: 'normal', deviation };
}

/** U(−1/√fan_in, 1/√fan_in): torch's kaiming_uniform_ with a = √5, as its linear layers start. */
export function kaimingUniform([, fanIn = 1]: Shape): Initialiser {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

/** U(−b, b), b = √(6 / (fan_in + fan_out)) (Glorot and Bengio 2010, eq. 16). */
export function xavierUniform([fanOut = 1, fanIn = 1]: Shape): Initialiser {
  return { kind: 'uniform', bound: Math.sqrt(6 / (fanIn + fanOut)) };
}

/** Computed from the site's frozen weight [out, in]. */
export function fromWeight(from: (weight: Tensor<'f32'>) => Tensor<'f32'>): Initialiser {
  return { kind: 'weight', from };
}

/** What tensors start from. */
export interface InitialSources {
  readonly generator: TorchGenerator;
  /** The site's frozen weight, where it is at hand. */
  readonly weight: () => Tensor<'f32'> | undefined;
}

/** A tensor drawn from its distribution, or computed from the site's weight. */
export function initialTensor(
  shape: Shape,
  initial: Initialiser,
  { generator, weight }: InitialSources,
): Tensor<'f32'> {
  const count = elementCount(shape);
  switch (initial.kind) {
    case 'zero':
      return float32(shape);
    case 'normal':
      return float32(
        shape,
        generator.randn(count).map((value) => value * initial.deviation),
      );
    case 'uniform':
      return float32(
        shape,
        generator.rand(count).map((value) => (2 * value - 1) * initial.bound),
      );
    case 'weight': {
      const frozen = weight();
      invariant(frozen !== undefined, 'a parameter starts from a weight that was not read');
      return initial.from(frozen);
    }
    default:
      return initial satisfies never;
  }
}
