/** @file Whether an encoded dataset is one that a plan can train on. */
import { type BaseModel, pooledSize, textLength } from '../../pipeline/base/base-model.ts';
import { latentShape } from '../../pipeline/draw/autoencoder.ts';
import { adaptsTexts } from '../../pipeline/text/text-network.ts';
import { formatShape, sameShape } from '../../tensor/tensor.ts';
import { hasPrior } from '../settings/concept-settings.ts';
import { formOfDataset } from '../texts/text-form.ts';
import type { TrainPlan } from '../training-plan.ts';
import type { Dataset, Text } from './dataset.ts';
import { brokenDataset } from './dataset-file.ts';

/**
 * The dataset, where it is one of this plan.
 *
 * @throws DataError DATASET_BROKEN where another run has encoded it, or for another base
 */
export function fittingDataset(
  dataset: Dataset,
  { base, config, placed }: TrainPlan,
  where: string,
): Dataset {
  const { subject, prior } = dataset;
  const isPreserving = hasPrior(config);
  if (isPreserving !== (prior !== undefined)) {
    throw brokenDataset(where, `it has ${isPreserving ? 'no pictures' : 'pictures'} of the class`);
  }
  const { chunks } = formOfDataset(dataset, textLength(base));
  const expected = { base, areTokens: adaptsTexts(placed), chunks };
  if (chunks > 1 && config.promptSyntax === 'plain') {
    throw brokenDataset(where, `it has texts of ${chunks} chunks, and the run's have one`);
  }
  for (const { pictures, texts } of [subject, ...(prior === undefined ? [] : [prior])]) {
    for (const { mean, framing } of pictures.flatMap(({ others = [], ...view }) => [
      view,
      ...others,
    ])) {
      const shape = latentShape(base, framing.target);
      if (sameShape(mean.shape, shape)) continue;
      const found = `latents ${formatShape(mean.shape)}, expected ${formatShape(shape)}`;
      throw brokenDataset(where, found);
    }
    const problem = texts.flatMap((text) => textProblem(text, expected) ?? [])[0];
    if (problem !== undefined) throw brokenDataset(where, problem);
  }
  return dataset;
}

interface ExpectedText {
  readonly base: BaseModel;
  readonly areTokens: boolean;
  readonly chunks: number;
}

function textProblem(text: Text, { base, areTokens, chunks }: ExpectedText): string | undefined {
  const length = textLength(base);
  if ('ids' in text) {
    const isSound =
      areTokens &&
      [text.ids, ...(text.weights === undefined ? [] : [text.weights])].every(
        (encoders) =>
          encoders.length === base.textEncoders.length &&
          encoders.every(
            (rows) => rows.length === chunks && rows.every((row) => row.length === length),
          ),
      );
    return isSound ? undefined : `a text as tokens that are not those of ${base.name}`;
  }
  const states = [1, chunks * length, base.unet.config.contextSize];
  const pooled = base.unet.config.addition && [1, pooledSize(base)];
  const isSound =
    !areTokens &&
    sameShape(text.states.shape, states) &&
    sameShape(text.pooled?.shape ?? [], pooled ?? []);
  return isSound ? undefined : `a text whose states are not those of ${base.name}`;
}
