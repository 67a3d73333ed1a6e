/** @file Stochastic gradient descent with momentum (Sutskever et al. 2013), as `torch.optim.SGD`. */
import { float32 } from '../tensor/tensor.ts';
import { matching } from './matching.ts';
import type { Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** Share of the movement that the next step keeps. @default 0 */
  readonly momentum?: number;
  /** Share of a gradient that the movement does not take up. @default 0 */
  readonly dampening?: number;
  /** Looks ahead along the movement. @default false */
  readonly nesterov?: boolean;
  /** Added to the gradient as a share of the parameter. @default 0 */
  readonly weightDecay?: number;
}

const { fround } = Math;

/** θ ← θ − lr·b with b ← μb + (1−τ)(g + λθ); the first b is the first gradient itself. */
export function sgd({
  momentum = 0,
  dampening = 0,
  nesterov = false,
  weightDecay = 0,
}: SgdOptions = {}): Optimizer {
  return {
    init(parameters) {
      const zeros = [...parameters].map(
        ([name, { shape }]) => [`movement/${name}`, float32(shape)] as const,
      );
      return { step: 0, tensors: new Map(momentum === 0 ? [] : zeros) };
    },
    update(parameters, gradients, state, learningRate) {
      state.step += 1;
      const taken = state.step === 1 ? 1 : 1 - dampening;
      for (const [name, { shape, data }] of parameters) {
        const like = { shape, optimizer: 'sgd' };
        const gradient = matching(gradients, name, like);
        const movement =
          momentum === 0 ? undefined : matching(state.tensors, `movement/${name}`, like);
        for (let i = 0; i < data.length; i++) {
          const g = fround((gradient[i] ?? 0) + weightDecay * (data[i] ?? 0));
          const moved = fround(momentum * (movement?.[i] ?? 0) + taken * g);
          if (movement !== undefined) movement[i] = moved;
          const direction = nesterov ? fround(g + momentum * moved) : moved;
          data[i] = (data[i] ?? 0) - learningRate * direction;
        }
      }
    },
  };
}
