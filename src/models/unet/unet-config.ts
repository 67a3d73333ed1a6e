/** @file The UNet's config.json, as diffusers writes it, reduced to what decides the computation. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { blockCount, dimension } from '../config-bounds.ts';
import { levelsOf, middleOf, type UNetLevel } from './unet-levels.ts';

const perLevel = z.union([blockCount, z.array(blockCount)]);

/** Transformer blocks of a level's attention modules; of levels without any, whatever a file says. */
const depth = blockCount.or(z.literal(0));
const depths = z.union([depth, z.array(z.union([depth, z.array(depth)]))]);

/** The keys we compute with. Settings that would change the computation and are not supported must have these values. */
const schema = z.object({
  _class_name: z.literal('UNet2DConditionModel').optional(),
  in_channels: dimension.default(4),
  out_channels: dimension.default(4),
  sample_size: dimension.nullish(),
  block_out_channels: z.array(dimension).min(1).max(16),
  layers_per_block: perLevel.default(2),
  down_block_types: z.array(z.enum(['CrossAttnDownBlock2D', 'DownBlock2D'])),
  up_block_types: z.array(z.enum(['CrossAttnUpBlock2D', 'UpBlock2D'])),
  mid_block_type: z
    .enum(['UNetMidBlock2DCrossAttn', 'UNetMidBlock2D'])
    .nullable()
    .default('UNetMidBlock2DCrossAttn'),
  cross_attention_dim: dimension,
  // The key says "dim" and means the number of heads (diffusers issue 2011).
  attention_head_dim: perLevel.default(8),
  num_attention_heads: perLevel.nullish(),
  transformer_layers_per_block: depths.default(1),
  reverse_transformer_layers_per_block: depths.nullish(),
  only_cross_attention: z.union([z.literal(false), z.array(z.boolean())]).default(false),
  num_class_embeds: dimension.nullish(),
  use_linear_projection: z.boolean().default(false),
  norm_num_groups: blockCount.default(32),
  norm_eps: z.number().positive().default(1e-5),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.number().default(0),
  addition_embed_type: z.literal('text_time').nullish(),
  addition_time_embed_dim: dimension.nullish(),
  projection_class_embeddings_input_dim: dimension.nullish(),
  time_cond_proj_dim: dimension.nullish(),
});

/** Settings whose other values no Stable Diffusion model uses; each would change the computation. */
const fixed: Readonly<Record<string, readonly unknown[]>> = {
  act_fn: ['silu'],
  attention_type: ['default'],
  center_input_sample: [false],
  class_embed_type: [null],
  class_embeddings_concat: [false],
  conv_in_kernel: [3],
  conv_out_kernel: [3],
  cross_attention_norm: [null],
  downsample_padding: [1],
  dual_cross_attention: [false],
  encoder_hid_dim: [null],
  encoder_hid_dim_type: [null],
  mid_block_only_cross_attention: [null, false],
  mid_block_scale_factor: [1],
  resnet_out_scale_factor: [1],
  resnet_skip_time_act: [false],
  resnet_time_scale_shift: ['default'],
  time_embedding_act_fn: [null],
  time_embedding_dim: [null],
  time_embedding_type: ['positional'],
  timestep_post_act: [null],
};

/** A UNet2DConditionModel, from the finest level to the coarsest. */
export interface UNetConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Latent height and width the model was trained at. */
  readonly sampleSize: number;
  readonly levels: readonly UNetLevel[];
  /**
   * Transformer blocks between the two residual blocks in the middle; 0 stands for one residual block alone, and undefined
   * for no middle block.
   */
  readonly middle: number | undefined;
  readonly contextSize: number;
  /** Classes of samples, each with a vector that is added to the time's; of x4 upscalers, levels of noise. */
  readonly classes: number | undefined;
  readonly linearProjection: boolean;
  readonly groups: number;
  readonly epsilon: number;
  readonly cosineFirst: boolean;
  readonly frequencyShift: number;
  /** SDXL's micro-conditioning: sizes of one time id's sinusoids and of all features together. */
  readonly addition: { readonly timeSize: number; readonly featureSize: number } | undefined;
  /** Size of the sinusoids of a guidance scale, of networks distilled to need no second prediction for it. */
  readonly guidanceSize: number | undefined;
}

/**
 * Reads a UNet's config.json.
 *
 * @throws ModelError UNET_CONFIG naming the key, what it was and what is supported
 */
export function parseUNetConfig(json: unknown, where: string): UNetConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new ModelError('UNET_CONFIG', `${where}: ${schemaProblems(schema, json, parsed.error)}`);
  }
  refuseUnsupported(json as Readonly<Record<string, unknown>>, where);
  const config = parsed.data;
  return {
    inChannels: config.in_channels,
    outChannels: config.out_channels,
    sampleSize: config.sample_size ?? 64,
    levels: levelsOf(config, where),
    middle: middleOf(config, where),
    contextSize: config.cross_attention_dim,
    classes: config.num_class_embeds ?? undefined,
    linearProjection: config.use_linear_projection,
    groups: config.norm_num_groups,
    epsilon: config.norm_eps,
    cosineFirst: config.flip_sin_to_cos,
    frequencyShift: config.freq_shift,
    addition:
      config.addition_embed_type === 'text_time'
        ? {
            timeSize: config.addition_time_embed_dim ?? 256,
            featureSize: config.projection_class_embeddings_input_dim ?? 2816,
          }
        : undefined,
    guidanceSize: config.time_cond_proj_dim ?? undefined,
  };
}

function refuseUnsupported(json: Readonly<Record<string, unknown>>, where: string): void {
  for (const [key, allowed] of Object.entries(fixed)) {
    const value = json[key];
    if (value === undefined || allowed.includes(value)) continue;
    const expected = allowed.map((choice) => JSON.stringify(choice)).join(' or ');
    throw new ModelError(
      'UNET_UNSUPPORTED',
      `${where}: "${key}" is ${JSON.stringify(value)}, only ${expected} is supported; this is not a Stable Diffusion 1.x, 2.x or XL UNet`,
    );
  }
}
