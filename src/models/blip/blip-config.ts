/** @file config.json of BLIP-Diffusion's Q-former, with its picture encoder, as transformers writes a Blip2Config. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { blockCount, dimension } from '../config-bounds.ts';
import { type TransformerConfig, transformerConfig } from '../transformer-config.ts';

const activation = z.enum(['quick_gelu', 'gelu']);

/** What a file leaves out has the defaults of Blip2VisionConfig and Blip2QFormerConfig. */
const visionSchema = z.object({
  hidden_size: dimension.default(1408),
  intermediate_size: dimension.default(6144),
  num_hidden_layers: blockCount.default(39),
  num_attention_heads: blockCount.default(16),
  image_size: dimension.default(224),
  patch_size: dimension.default(14),
  hidden_act: activation.default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-6),
  qkv_bias: z.literal(true).default(true),
});

const queryFormerSchema = z.object({
  vocab_size: dimension.default(30522),
  hidden_size: dimension.default(768),
  num_hidden_layers: blockCount.default(12),
  num_attention_heads: blockCount.default(12),
  intermediate_size: dimension.default(3072),
  hidden_act: activation.default('gelu'),
  max_position_embeddings: dimension.default(512),
  layer_norm_eps: z.number().positive().default(1e-12),
  position_embedding_type: z.literal('absolute').default('absolute'),
  cross_attention_frequency: blockCount.default(2),
  encoder_hidden_size: dimension.default(1408),
});

const schema = z.object({
  num_query_tokens: blockCount.default(32),
  vision_config: visionSchema.prefault({}),
  qformer_config: queryFormerSchema.prefault({}),
});

/** The picture encoder: a vision transformer whose states are normalised before the first layer and after the last. */
export interface PictureEncoderConfig extends TransformerConfig {
  readonly imageSize: number;
  readonly patchSize: number;
}

export interface QueryFormerConfig extends TransformerConfig {
  readonly vocabulary: number;
  readonly positions: number;
  /** Learned vectors that ask the picture: as many context vectors come out. */
  readonly queries: number;
  /** Every how many layers the queries look at the picture, from the first on. */
  readonly lookEvery: number;
  readonly picture: PictureEncoderConfig;
}

/**
 * Reads the config.json of a Blip2QFormerModel.
 *
 * @throws ModelError BLIP_CONFIG naming the key, or where the Q-former takes other states than its picture encoder gives
 */
export function parseBlipConfig(json: unknown, where: string): QueryFormerConfig {
  const parsed = schema.safeParse(json);
  const refuse = (problem: string) => new ModelError('BLIP_CONFIG', `${where}: ${problem}`);
  if (!parsed.success) throw refuse(schemaProblems(schema, json, parsed.error));
  const { vision_config: vision, qformer_config: former, num_query_tokens: queries } = parsed.data;
  if (former.encoder_hidden_size !== vision.hidden_size) {
    throw refuse(
      `qformer_config.encoder_hidden_size is ${former.encoder_hidden_size}, expected the ${vision.hidden_size} of vision_config.hidden_size; the Q-former reads the states of that encoder`,
    );
  }
  return {
    ...transformerConfig(former),
    vocabulary: former.vocab_size,
    positions: former.max_position_embeddings,
    queries,
    lookEvery: former.cross_attention_frequency,
    picture: {
      ...transformerConfig(vision),
      imageSize: vision.image_size,
      patchSize: vision.patch_size,
    },
  };
}
