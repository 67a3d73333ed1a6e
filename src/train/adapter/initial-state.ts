/** @file The state that a run begins with. */
import { initialTensors } from '../../adapters/index.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { startAverage } from '../../optim/moving-average.ts';
import type { NamedTensors } from '../../optim/optimizer.ts';
import { optimizers } from '../../optim/optimizers.ts';
import { readSiteWeights } from '../../pipeline/adapters/site-weights.ts';
import type { TrainState } from '../folder/checkpoint.ts';
import type { Pictures } from '../pictures/run-pictures.ts';
import { only } from '../trainer.ts';
import type { TrainPlan } from '../training-plan.ts';
import { seenWord } from './seen-word.ts';

/**
 * Parameters as drawn, a word as it is seen in the pictures, or those of the adapter that the run goes on from.
 *
 * @param load reads the run's pictures, where something starts from them
 */
export async function initialState(
  plan: TrainPlan,
  load: () => Promise<Pictures>,
): Promise<TrainState> {
  const { config, base, placed, initial } = plan;
  const generator = new TorchGenerator(config.seed);
  const weights = await readSiteWeights(base, placed);
  const drawn = placed.flatMap((each) => [...initialTensors(each, generator, weights)]);
  const seen = await seenWord(plan, load);
  const parameters = new Map([...drawn, ...seen, ...(initial?.tensors ?? [])]);
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
