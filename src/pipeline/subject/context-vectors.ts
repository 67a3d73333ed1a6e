/** @file A subject as context vectors: what BLIP-Diffusion's Q-former sees of it in pictures (Li et al. 2023, sec. 3). */
import { ConfigError, invariant, ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Image } from '../../data/image.ts';
import { resize } from '../../data/resize.ts';
import { toTensor } from '../../data/transforms.ts';
import { input } from '../../graph/index.ts';
import { queryFormer } from '../../models/blip/query-former.ts';
import { float32, int64, reshaped, type Tensor } from '../../tensor/tensor.ts';
import { type BaseModel, placeOf, type SubjectPart } from '../base/base-model.ts';
import { brokenWeights, requireFiniteResult } from '../network/finite-results.ts';
import { openNetwork } from '../network/open-network.ts';

/** A subject as it is shown and called. */
export interface ShownSubject {
  /** Of any size, at least one. */
  readonly pictures: readonly Image[];
  /** What of them is meant: "dog". */
  readonly name: string;
}

/** A model that sees subjects in pictures. */
export type SeeingModel = BaseModel & { readonly subjectEncoder: SubjectPart };

/**
 * The model itself, where it has a Q-former.
 *
 * @throws ModelError NO_QFORMER where it has none
 */
export function requireSeeing(base: BaseModel): SeeingModel {
  const { name, subjectEncoder } = base;
  if (subjectEncoder !== undefined) return { ...base, subjectEncoder };
  throw new ModelError(
    'NO_QFORMER',
    `${name}: expected a BLIP-Diffusion model, which sees subjects in pictures, found none of its Q-former; take such a base, for example Salesforce/blipdiffusion, or train an adapter on the pictures`,
  );
}

/**
 * The context vectors of a subject, the mean of those of its pictures: [queries, size].
 *
 * @throws ModelError EMBEDDING_NOT_FINITE
 * @throws ConfigError SUBJECT_TOO_LONG where its name has more word pieces than the Q-former reads
 */
export async function contextVectors(
  base: SeeingModel,
  { pictures, name }: ShownSubject,
): Promise<Tensor<'f32'>> {
  const each = await contextOfEach(base, { pictures, name });
  const mean = float32(required(each, 0).shape);
  for (const { data } of each) {
    for (const [i, value] of data.entries()) {
      mean.data[i] = required(mean.data, i) + value / each.length;
    }
  }
  return mean;
}

/** Of every picture alone. */
async function contextOfEach(
  base: SeeingModel,
  { pictures, name }: ShownSubject,
): Promise<readonly Tensor<'f32'>[]> {
  const part = base.subjectEncoder;
  const { config, weights } = part;
  invariant(pictures.length > 0, 'a subject is shown by a picture at least');
  const ids = subjectIds(part, name);
  const side = config.picture.imageSize;
  await using session = await openNetwork(
    weights,
    (graph, scope) => {
      const inputs = {
        pictures: input(graph, 'pictures', 'f32', [1, 3, side, side]),
        ids: input(graph, 'ids', 'i64', [1, ids.length]),
      };
      return { context: queryFormer(scope, config, inputs).context };
    },
    placeOf(base),
  );
  const results: Tensor<'f32'>[] = [];
  for (const picture of pictures) {
    const pixels = subjectPixels(part, picture);
    const result = await session.run({ pictures: pixels, ids: int64([1, ids.length], [...ids]) });
    const context = requireFiniteResult(result.get('context'), () => ({
      code: 'EMBEDDING_NOT_FINITE',
      what: `what the Q-former makes of a picture of "${name}"`,
      advice: brokenWeights,
    }));
    results.push(reshaped(context, [config.queries, config.size]));
  }
  return results;
}

/** The word pieces of a subject's name. */
export function subjectIds({ config, tokenizer }: SubjectPart, name: string): readonly number[] {
  const ids = tokenizer.encode(name);
  if (ids.length <= config.positions) return ids;
  throw new ConfigError(
    'SUBJECT_TOO_LONG',
    `the subject: "${name}" has ${ids.length} word pieces, the Q-former reads ${config.positions}; one or two words are usual`,
  );
}

/** A picture as the Q-former's encoder takes it, whatever its proportions: [1, 3, side, side]. */
export function subjectPixels(
  { config, normalisation }: SubjectPart,
  picture: Image,
): Tensor<'f32'> {
  const side = config.picture.imageSize;
  const pixels = toTensor(resize(picture, { width: side, height: side }, 'bicubic'), normalisation);
  return reshaped(pixels, [1, ...pixels.shape]);
}
