import { expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import { drawNormal, type Tensor } from '../tensor/tensor.ts';
import type { NamedTensors, Optimizer } from './optimizer.ts';
import { optimizers } from './optimizers.ts';
import { withRates } from './parameter-groups.ts';

const settings = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  prodigyDistance: 1e-6,
};
const { prodigy: _, ...others } = optimizers;

const drawn = (seed: number) => drawNormal(new TorchGenerator(seed), [3, 4]);

/** Parameters of these names, drawn by name. */
function named(...names: readonly string[]): Map<string, Tensor<'f32'>> {
  return new Map(names.map((name) => [name, drawn(name.charCodeAt(0))]));
}

/** Parameters and all that is remembered of them after three steps. */
function after(optimizer: Optimizer, parameters: NamedTensors, rate: number) {
  const state = optimizer.init(parameters);
  for (let step = 0; step < 3; step++) {
    const gradients = new Map([...parameters.keys()].map((name) => [name, drawn(7 + step)]));
    optimizer.update(parameters, gradients, state, rate);
  }
  return { step: state.step, tensors: new Map([...parameters, ...state.tensors]) };
}

test.each(Object.entries(others))('%s moves each group as if it were alone', (_name, make) => {
  const grouped = withRates(make(settings), new Map([['b', 4]]));
  const together = after(grouped, named('a', 'b'), 0.01);
  const slow = after(make(settings), named('a'), 0.01);
  const fast = after(make(settings), named('b'), 0.04);
  expect(together.step).toBe(3);
  expect(together.tensors).toEqual(new Map([...slow.tensors, ...fast.tensors]));
});

test('without rates of their own an optimiser is itself', () => {
  const optimizer = optimizers.adamw(settings);
  expect(withRates(optimizer, new Map())).toBe(optimizer);
});
