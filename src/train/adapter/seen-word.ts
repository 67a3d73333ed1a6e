/** @file The new word of a run that starts as what the base's Q-former sees in the training pictures. */
import { parameterName } from '../../adapters/index.ts';
import type { NamedTensors } from '../../optim/optimizer.ts';
import { contextVectors, requireSeeing } from '../../pipeline/subject/context-vectors.ts';
import { concatenated, type Tensor } from '../../tensor/tensor.ts';
import type { Pictures } from '../pictures/run-pictures.ts';
import type { TrainPlan } from '../training-plan.ts';

/**
 * The first vectors of the words: of each the mean of its pictures', as they are cut for training, where the class is looked for.
 * Nothing where the word starts otherwise, or came with the adapter that the run goes on from.
 *
 * @param load reads the run's pictures
 */
export async function seenWord(
  { base, config, placed, initial, concepts }: TrainPlan,
  load: () => Promise<Pictures>,
): Promise<NamedTensors> {
  if (config.wordFrom !== 'pictures') return new Map();
  const parameters = placed
    .filter(({ adapter }) => adapter.newTokens.length > 0)
    .flatMap(({ sites }) => sites.map((site) => parameterName(site, 'vectors')))
    .filter((parameter) => initial?.tensors.has(parameter) !== true);
  if (parameters.length === 0) return new Map();
  const { subject } = await load();
  const rows: Tensor<'f32'>[] = [];
  for (const [i, { className: name }] of concepts.entries()) {
    const own = subject.pictures.filter(({ concept }) => concept === i);
    const pictures = own.map(({ crop }) => crop);
    rows.push(await contextVectors(requireSeeing(base), { pictures, name }));
  }
  return new Map(parameters.map((parameter) => [parameter, concatenated(rows)]));
}
