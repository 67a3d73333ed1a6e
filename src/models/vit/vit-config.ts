/** @file config.json of a ViTModel, as transformers writes it. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { blockCount, dimension } from '../config-bounds.ts';
import { type TransformerConfig, transformerConfig } from '../transformer-config.ts';

const schema = z.object({
  model_type: z.literal('vit').default('vit'),
  hidden_size: dimension,
  intermediate_size: dimension,
  num_hidden_layers: blockCount,
  num_attention_heads: blockCount,
  hidden_act: z.enum(['gelu', 'quick_gelu']).default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
  image_size: dimension.default(224),
  patch_size: dimension.default(16),
  qkv_bias: z.boolean().default(true),
});

export interface VitConfig extends TransformerConfig {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly projectionBias: boolean;
}

/**
 * Reads a ViTModel's config.json.
 *
 * @throws ModelError VIT_CONFIG naming the key
 */
export function parseVitConfig(json: unknown, where: string): VitConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new ModelError('VIT_CONFIG', `${where}: ${schemaProblems(schema, json, parsed.error)}`);
  const config = parsed.data;
  return {
    ...transformerConfig(config),
    imageSize: config.image_size,
    patchSize: config.patch_size,
    projectionBias: config.qkv_bias,
  };
}
