/** @file Lion: steps of one size, by the sign of a momentum (Chen et al. 2023, algorithm 2). */
import { float32 } from '../tensor/tensor.ts';
import { matching } from './matching.ts';
import type { Optimizer } from './optimizer.ts';

export interface LionOptions {
  /** Share of the momentum in what decides the signs. @default 0.9 */
  readonly beta1?: number;
  /** Share of the momentum that the next step keeps. @default 0.99 */
  readonly beta2?: number;
  /** Share of a parameter that an update with learning rate 1 takes away. @default 0 */
  readonly weightDecay?: number;
}

/** θ ← (1 − lr·λ)θ − lr·sign(β₁m + (1−β₁)g), then m ← β₂m + (1−β₂)g. */
export function lion({ beta1 = 0.9, beta2 = 0.99, weightDecay = 0 }: LionOptions = {}): Optimizer {
  return {
    init(parameters) {
      const zeros = [...parameters].map(
        ([name, { shape }]) => [`mean/${name}`, float32(shape)] as const,
      );
      return { step: 0, tensors: new Map(zeros) };
    },
    update(parameters, gradients, state, learningRate) {
      state.step += 1;
      const keep = 1 - learningRate * weightDecay;
      for (const [name, { shape, data }] of parameters) {
        const like = { shape, optimizer: 'lion' };
        const gradient = matching(gradients, name, like);
        const mean = matching(state.tensors, `mean/${name}`, like);
        for (let i = 0; i < data.length; i++) {
          const [m, g] = [mean[i] ?? 0, gradient[i] ?? 0];
          const direction = Math.sign(beta1 * m + (1 - beta1) * g);
          data[i] = keep * (data[i] ?? 0) - learningRate * direction;
          mean[i] = beta2 * m + (1 - beta2) * g;
        }
      }
    },
  };
}
