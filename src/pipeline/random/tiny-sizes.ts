/** @file The families at a size for tests: every part and every kind of layer, a few megabytes. */
import type { FamilyName } from '../../models/families.ts';

/** Settings that replace those of a part's config.json. */
export type Changes = Readonly<Record<string, unknown>>;

const vae: Changes = { block_out_channels: [32, 32, 32, 32] };

const text = (size: number): Changes => ({
  hidden_size: size,
  intermediate_size: 2 * size,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  projection_dim: size,
});

/** By family, then by the part's folder. */
export const tinySizes: Readonly<Record<FamilyName, Readonly<Record<string, Changes>>>> = {
  sd15: {
    unet: { block_out_channels: [32, 64, 64, 64], cross_attention_dim: 64, sample_size: 8 },
    vae,
    text_encoder: text(64),
  },
  sd21: {
    unet: {
      block_out_channels: [32, 64, 64, 64],
      attention_head_dim: [1, 2, 2, 2],
      cross_attention_dim: 64,
      sample_size: 8,
    },
    vae,
    text_encoder: text(64),
  },
  sdxl: {
    unet: {
      block_out_channels: [32, 64, 64],
      attention_head_dim: [1, 2, 2],
      transformer_layers_per_block: [1, 1, 2],
      cross_attention_dim: 96, // 32 + 64, both text encoders
      addition_time_embed_dim: 32,
      projection_class_embeddings_input_dim: 256, // 64 of the pooled text, 6 sizes of 32
      sample_size: 8,
    },
    vae,
    text_encoder: text(32),
    text_encoder_2: text(64),
  },
  'sdxl-refiner': {
    unet: {
      block_out_channels: [32, 64, 64, 64],
      attention_head_dim: [1, 2, 2, 2],
      transformer_layers_per_block: 2,
      cross_attention_dim: 64,
      addition_time_embed_dim: 32,
      projection_class_embeddings_input_dim: 224, // 64 of the pooled text, 4 sizes and a score of 32
      sample_size: 8,
    },
    vae,
    text_encoder_2: text(64),
  },
};
