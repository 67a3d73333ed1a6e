/** @file config.json of CLIP text and vision towers, and of both together, as transformers writes them. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { blockCount, dimension } from '../config-bounds.ts';
import { type TransformerConfig, transformerConfig } from '../transformer-config.ts';

const tower = {
  hidden_size: dimension,
  intermediate_size: dimension,
  num_hidden_layers: blockCount,
  num_attention_heads: blockCount,
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
  layer_norm_eps: z.number().positive().default(1e-5),
  projection_dim: dimension.default(512),
};

const textSchema = z.object({
  ...tower,
  vocab_size: dimension.default(49408),
  max_position_embeddings: dimension.default(77),
  eos_token_id: z.number().int().default(2),
  architectures: z.array(z.string()).nullish(),
});

const visionSchema = z.object({
  ...tower,
  image_size: dimension.default(224),
  patch_size: dimension.default(32),
});

const bothSchema = z.object({
  projection_dim: dimension.default(512),
  text_config: textSchema,
  vision_config: visionSchema,
});

export interface ClipTextConfig extends TransformerConfig {
  readonly vocabulary: number;
  readonly positions: number;
  /** Checkpoints with the historical value 2 pool at the largest token id, all others at the first of these. */
  readonly endOfText: number;
  /** Size of the projected pooled vector; undefined where the model has none. */
  readonly projection: number | undefined;
}

export interface ClipVisionConfig extends TransformerConfig {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly projection: number;
}

/** A text and a vision tower that project to one space. */
export interface ClipConfig {
  readonly text: ClipTextConfig;
  readonly vision: ClipVisionConfig;
}

function parse<S extends z.ZodType>(schema: S, json: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ModelError('CLIP_CONFIG', `${where}: ${schemaProblems(schema, json, parsed.error)}`);
}

function textConfig(
  config: z.output<typeof textSchema>,
  projection: number | undefined,
): ClipTextConfig {
  return {
    ...transformerConfig(config),
    vocabulary: config.vocab_size,
    positions: config.max_position_embeddings,
    endOfText: config.eos_token_id,
    projection,
  };
}

/**
 * Reads the config.json of a CLIPTextModel or CLIPTextModelWithProjection.
 *
 * @throws ModelError CLIP_CONFIG naming the key
 */
export function parseClipTextConfig(json: unknown, where: string): ClipTextConfig {
  const config = parse(textSchema, json, where);
  const projects = config.architectures?.includes('CLIPTextModelWithProjection') ?? false;
  return textConfig(config, projects ? config.projection_dim : undefined);
}

/**
 * Reads the config.json of a CLIPModel.
 *
 * @throws ModelError CLIP_CONFIG naming the key
 */
export function parseClipConfig(json: unknown, where: string): ClipConfig {
  const config = parse(bothSchema, json, where);
  const { image_size: imageSize, patch_size: patchSize } = config.vision_config;
  const projection = config.projection_dim;
  return {
    text: textConfig(config.text_config, projection),
    vision: { ...transformerConfig(config.vision_config), imageSize, patchSize, projection },
  };
}
