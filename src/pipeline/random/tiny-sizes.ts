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

type TinyParts = Readonly<Record<string, Changes>>;

const sd1 = (widths: readonly number[]): TinyParts => ({
  unet: { block_out_channels: widths, cross_attention_dim: 64, sample_size: 8 },
  vae,
  text_encoder: text(64),
});

/** With heads of 32 numbers, as many as the widths ask for. */
const sd2 = (widths: readonly number[]): TinyParts => ({
  unet: {
    block_out_channels: widths,
    attention_head_dim: widths.map((width) => width / 32),
    cross_attention_dim: 64,
    sample_size: 8,
  },
  vae,
  text_encoder: text(64),
});

const xl = (more: Changes = {}): TinyParts => ({
  unet: {
    block_out_channels: [32, 64, 64],
    attention_head_dim: [1, 2, 2],
    cross_attention_dim: 96, // 32 + 64, both text encoders
    addition_time_embed_dim: 32,
    projection_class_embeddings_input_dim: 256, // 64 of the pooled text, 6 sizes of 32
    sample_size: 8,
    ...more,
  },
  vae,
  text_encoder: text(32),
  text_encoder_2: text(64),
});

const four = [32, 64, 64, 64];
const three = [32, 64, 64];

/** By family, then by the part's folder. */
export const tinySizes: Readonly<Record<FamilyName, TinyParts>> = {
  sd15: sd1(four),
  'bk-sdm-base': sd1(four),
  'bk-sdm-small': sd1(four),
  'bk-sdm-tiny': sd1(three),
  sd21: sd2(four),
  'bk-sdm-v2-base': sd2(four),
  'bk-sdm-v2-small': sd2(four),
  'bk-sdm-v2-tiny': sd2(three),
  sdxl: xl({ transformer_layers_per_block: [1, 1, 2] }),
  'ssd-1b': xl(),
  'segmind-vega': xl(),
  'koala-700m': xl(),
  'koala-1b': xl(),
  'sdxl-refiner': {
    unet: {
      block_out_channels: four,
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
