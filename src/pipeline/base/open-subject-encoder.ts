/** @file Opens the Q-former of a BLIP-Diffusion folder, with its tokenizer and how it wants its pictures. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { type BertTokenizer, bertTokenizer } from '../../data/bert/bert-tokenizer.ts';
import { bundledBertTokenizer } from '../../data/bert/bundled-word-pieces.ts';
import { clipTransform } from '../../data/transforms.ts';
import { parseBlipConfig, type QueryFormerConfig } from '../../models/blip/blip-config.ts';
import { queryFormerClaims } from '../../models/weight-claims.ts';
import { checkWeights, namedWeights } from '../../models/weights.ts';
import { join } from '../../platform/paths.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';
import { openWeights, type WeightOptions } from '../../storage/weights/weight-files.ts';
import type { ModelPart, SubjectPart } from './base-model.ts';
import type { SubjectIndex } from './model-index.ts';

/** Buffers that are stored among the weights. */
const buffers = /\.position_ids$/;

const side = z.number().int().positive();
const processorSchema = z.looseObject({
  size: z.looseObject({ height: side, width: side }).optional(),
});

/**
 * Opens the folder `qformer` of a model.
 *
 * @throws ModelError QFORMER_MISSING, BLIP_CONFIG, WEIGHTS_MISMATCH, PREPROCESSOR, or what its vocab.txt has wrong
 */
export async function openSubjectEncoder(
  model: string,
  { position, mean, deviation }: SubjectIndex,
  options: WeightOptions = {},
): Promise<SubjectPart> {
  const folder = join(model, 'qformer');
  const { config, weights } = await openQueryFormer(folder, options);
  await requireSize(join(model, 'image_processor', 'preprocessor_config.json'), config);
  const usual = clipTransform();
  return {
    config,
    weights,
    tokenizer: await tokenizerOf(folder),
    normalisation: { mean: mean ?? usual.mean, deviation: deviation ?? usual.deviation },
    position,
  };
}

async function openQueryFormer(
  folder: string,
  options: WeightOptions,
): Promise<ModelPart<QueryFormerConfig>> {
  const path = join(folder, 'config.json');
  const json = await readJsonIfPresent(path, 'Q-former configuration');
  if (json === undefined) {
    throw new ModelError(
      'QFORMER_MISSING',
      `${path} is missing: a BLIP-Diffusion folder holds qformer with config.json and its weights; check that the model was downloaded whole`,
    );
  }
  const config = parseBlipConfig(json, path);
  const files = await openWeights(folder, 'Q-former', options);
  const weights = namedWeights('Q-former', files, { ignore: buffers });
  checkWeights(weights, queryFormerClaims(config));
  return { config, weights };
}

/** The published folder comes without word pieces: they are those of the uncased BERT. */
async function tokenizerOf(folder: string): Promise<BertTokenizer> {
  const path = join(folder, 'vocab.txt');
  const own = await readTextIfPresent(path);
  return own === undefined ? await bundledBertTokenizer() : bertTokenizer(own, path);
}

/** A picture processor that makes pictures of another size is not this encoder's. */
async function requireSize(path: string, { picture }: QueryFormerConfig): Promise<void> {
  const json = (await readJsonIfPresent(path, 'picture processor')) ?? {};
  const parsed = processorSchema.safeParse(json);
  if (!parsed.success) {
    throw new ModelError(
      'PREPROCESSOR',
      `${path}: ${schemaProblems(processorSchema, json, parsed.error)}`,
    );
  }
  const { size } = parsed.data;
  if (size === undefined) return;
  const { imageSize } = picture;
  if (size.height === imageSize && size.width === imageSize) return;
  throw new ModelError(
    'PREPROCESSOR',
    `${path}: its pictures are ${size.width} x ${size.height}, the Q-former's encoder takes ${imageSize} x ${imageSize}; the two come from different models`,
  );
}
