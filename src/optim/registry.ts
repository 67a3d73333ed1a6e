/** @file The optimisers by name, with the settings that a run gives each. */
import { adafactor } from './adafactor.ts';
import { adamw } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** What a run may set; an optimiser takes what it has a use for. */
export interface OptimizerSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export const optimizers = {
  adamw,
  adafactor: ({ weightDecay }) => adafactor({ weightDecay }),
  sgd: ({ beta1, weightDecay }) => sgd({ momentum: beta1, weightDecay }),
} as const satisfies Record<string, (settings: OptimizerSettings) => Optimizer>;

export type OptimizerName = keyof typeof optimizers;
