/** @file The optimisers by name, with the settings that a run gives each. */
import { adafactor } from './adafactor.ts';
import { adamw } from './adamw.ts';
import { lion } from './lion.ts';
import type { Optimizer } from './optimizer.ts';
import { prodigy } from './prodigy.ts';
import { sgd } from './sgd.ts';

/** What a run may set; an optimiser takes what it has a use for. */
export interface OptimizerSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly prodigyDistance: number;
  readonly prodigyGrowth?: number | undefined;
}

export const optimizers = {
  adamw,
  adafactor: ({ weightDecay }) => adafactor({ weightDecay }),
  sgd: ({ beta1, weightDecay }) => sgd({ momentum: beta1, weightDecay }),
  lion,
  prodigy: ({ prodigyDistance, prodigyGrowth, ...moments }) =>
    prodigy({
      ...moments,
      firstDistance: prodigyDistance,
      growth: prodigyGrowth,
      biasCorrection: true,
      safeguardWarmup: true,
    }),
} as const satisfies Record<string, (settings: OptimizerSettings) => Optimizer>;

export type OptimizerName = keyof typeof optimizers;

interface UsualSettings extends Partial<OptimizerSettings> {
  readonly learningRate?: number;
}

/** Settings that an optimiser usually takes instead of those of AdamW. */
export const usualSettings: Readonly<
  Partial<
    Record<
      OptimizerName,
      (adamw: { readonly learningRate: number; readonly weightDecay: number }) => UsualSettings
    >
  >
> = {
  // Rates 3 to 10 times smaller and decays as much larger, so that their product stays (Chen et al. 2023, section 5).
  lion: ({ learningRate, weightDecay }) => ({
    learningRate: learningRate / 5,
    weightDecay: weightDecay * 5,
    beta2: 0.99,
  }),
  prodigy: () => ({ learningRate: 1 }),
};
