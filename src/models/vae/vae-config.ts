/** @file The autoencoder's config.json, as diffusers writes it. */
import * as z from 'zod';
import { ModelError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { blockCount, dimension } from '../config-bounds.ts';

const schema = z.object({
  _class_name: z.literal('AutoencoderKL').optional(),
  in_channels: z.literal(3).default(3),
  out_channels: z.literal(3).default(3),
  latent_channels: dimension.default(4),
  block_out_channels: z.array(dimension).min(1).max(16),
  layers_per_block: blockCount.default(1),
  norm_num_groups: blockCount.default(32),
  scaling_factor: z.number().positive().default(0.18215),
  act_fn: z.literal('silu').default('silu'),
  mid_block_add_attention: z.literal(true).default(true),
  use_quant_conv: z.boolean().default(true),
  use_post_quant_conv: z.boolean().default(true),
  shift_factor: z.null().optional(),
  latents_mean: z.null().optional(),
  latents_std: z.null().optional(),
  down_block_types: z.array(z.literal('DownEncoderBlock2D')).optional(),
  up_block_types: z.array(z.literal('UpDecoderBlock2D')).optional(),
});

/** An AutoencoderKL. */
export interface VaeConfig {
  readonly latentChannels: number;
  readonly blockChannels: readonly number[];
  readonly layersPerBlock: number;
  readonly groups: number;
  /** Latents are multiplied by this before the UNet sees them. */
  readonly scalingFactor: number;
  readonly quantConvolution: boolean;
  readonly postQuantConvolution: boolean;
  /** Pixels per latent, along one side. */
  readonly downsampling: number;
}

/**
 * Reads a VAE's config.json.
 *
 * @throws ModelError VAE_CONFIG naming the key
 */
export function parseVaeConfig(json: unknown, where: string): VaeConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new ModelError('VAE_CONFIG', `${where}: ${schemaProblems(schema, json, parsed.error)}`);
  }
  const config = parsed.data;
  return {
    latentChannels: config.latent_channels,
    blockChannels: config.block_out_channels,
    layersPerBlock: config.layers_per_block,
    groups: config.norm_num_groups,
    scalingFactor: config.scaling_factor,
    quantConvolution: config.use_quant_conv,
    postQuantConvolution: config.use_post_quant_conv,
    downsampling: 2 ** (config.block_out_channels.length - 1),
  };
}
