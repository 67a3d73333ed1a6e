/** @file The state that a run begins with. */
import { initialTensors } from '../../adapters/index.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { startAverage } from '../../optim/moving-average.ts';
import type { NamedTensors } from '../../optim/optimizer.ts';
import { optimizers } from '../../optim/optimizers.ts';
import { readSiteWeights } from '../../pipeline/adapters/site-weights.ts';
import type { TrainState } from '../folder/checkpoint.ts';
import { only } from '../trainer.ts';
import type { TrainPlan } from '../training-plan.ts';

/** Parameters as drawn, or those of the adapter that the run goes on from. */
export async function initialState(plan: TrainPlan): Promise<TrainState> {
  const { config, base, placed, initial } = plan;
  const generator = new TorchGenerator(config.seed);
  const weights = await readSiteWeights(base, placed);
  const drawn = placed.flatMap((each) => [...initialTensors(each, generator, weights)]);
  const parameters = new Map([...drawn, ...(initial?.tensors ?? [])]);
  return {
    step: 0,
    parameters,
    ...freshMemory(plan, parameters),
    generator,
    order: { subject: [], prior: [] },
  };
}

/** What is remembered of parameters before the first step. */
export function freshMemory(
  { config, trained }: Pick<TrainPlan, 'config' | 'trained'>,
  parameters: NamedTensors,
): Pick<TrainState, 'optimizer' | 'average'> {
  return {
    optimizer: optimizers[config.optimizer](config).init(only(parameters, trained)),
    average: config.emaDecay === undefined ? undefined : startAverage(parameters),
  };
}
