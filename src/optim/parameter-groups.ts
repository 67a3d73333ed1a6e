/** @file Learning rates of their own for some parameters, as torch's parameter groups. */
import { grouped } from '../base/grouped.ts';
import type { Optimizer } from './optimizer.ts';

/** Learning rates as multiples of the common one, by parameter; 1 for those that are not mentioned. */
export type RateFactors = ReadonlyMap<string, number>;

/**
 * The optimiser with these learning rates; itself where there are none. What it remembers stays the same, so that the
 * state of one is the state of the other. Not for an optimiser whose parameters share a quantity, as Prodigy's do.
 */
export function withRates(optimizer: Optimizer, factors: RateFactors): Optimizer {
  if (factors.size === 0) return optimizer;
  return {
    init: (parameters) => optimizer.init(parameters),
    update(parameters, gradients, state, learningRate) {
      const { step } = state;
      for (const [factor, group] of grouped([...parameters], ([name]) => factors.get(name) ?? 1)) {
        state.step = step; // each group makes the same update
        optimizer.update(new Map(group), gradients, state, learningRate * factor);
      }
    },
  };
}
