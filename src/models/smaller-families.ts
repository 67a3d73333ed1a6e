/** @file Published models that were made smaller from a family: what their configurations have other than that family's. */

/** A model that shares all parts but the UNet with the family that it learned from. */
export interface SmallerFamily {
  readonly title: string;
  /** The family that it is a smaller one of. */
  readonly of: 'sd15' | 'sd21' | 'sdxl';
  readonly onHub: readonly string[];
  /** Settings that replace the family's, by the part's folder. */
  readonly changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Without the fourth level of Stable Diffusion 1 and 2, which had no attention on the way down. */
const threeLevels = {
  block_out_channels: [320, 640, 1280],
  down_block_types: new Array(3).fill('CrossAttnDownBlock2D'),
  up_block_types: new Array(3).fill('CrossAttnUpBlock2D'),
};

/** BK-SDM (Kim et al. 2023, arXiv 2305.15798): fewer blocks, less each. */
const fewerBlocks = {
  base: { layers_per_block: 1 },
  small: { layers_per_block: 1, mid_block_type: null },
  tiny: { layers_per_block: 1, mid_block_type: null, ...threeLevels },
};

/** The second ones were made from Stable Diffusion 2.1 base, which predicts the noise at 512 pixels. */
const ofBase21 = { sample_size: 64 };
const noise = { prediction_type: 'epsilon' };

/** One residual block in the middle, and modules of one level that differ in depth (Gupta et al. 2024, arXiv 2401.02677). */
const segmind = (down: readonly unknown[], up: readonly unknown[]) => ({
  mid_block_type: 'UNetMidBlock2D',
  transformer_layers_per_block: down,
  reverse_transformer_layers_per_block: up,
});

/** KOALA (Lee et al. 2023, arXiv 2312.04005). */
const koala = (depth: number) => ({
  layers_per_block: 1,
  transformer_layers_per_block: [1, 2, depth],
});

export const smallerFamilies = {
  'bk-sdm-base': {
    title: 'BK-SDM base',
    of: 'sd15',
    onHub: ['nota-ai/bk-sdm-base', 'segmind/small-sd'],
    changes: { unet: fewerBlocks.base },
  },
  'bk-sdm-small': {
    title: 'BK-SDM small',
    of: 'sd15',
    onHub: ['nota-ai/bk-sdm-small'],
    changes: { unet: fewerBlocks.small },
  },
  'bk-sdm-tiny': {
    title: 'BK-SDM tiny',
    of: 'sd15',
    onHub: ['nota-ai/bk-sdm-tiny', 'segmind/tiny-sd'],
    changes: { unet: fewerBlocks.tiny },
  },
  'bk-sdm-v2-base': {
    title: 'BK-SDM v2 base',
    of: 'sd21',
    onHub: ['nota-ai/bk-sdm-v2-base'],
    changes: { unet: { ...fewerBlocks.base, ...ofBase21 }, scheduler: noise },
  },
  'bk-sdm-v2-small': {
    title: 'BK-SDM v2 small',
    of: 'sd21',
    onHub: ['nota-ai/bk-sdm-v2-small'],
    changes: { unet: { ...fewerBlocks.small, ...ofBase21 }, scheduler: noise },
  },
  'bk-sdm-v2-tiny': {
    title: 'BK-SDM v2 tiny',
    of: 'sd21',
    onHub: ['nota-ai/bk-sdm-v2-tiny'],
    changes: {
      unet: { ...fewerBlocks.tiny, ...ofBase21, attention_head_dim: [5, 10, 20] },
      scheduler: noise,
    },
  },
  'ssd-1b': {
    title: 'SSD-1B',
    of: 'sdxl',
    onHub: ['segmind/SSD-1B'],
    changes: { unet: segmind([1, [2, 2], [4, 4]], [[4, 4, 10], [2, 1, 1], 1]) },
  },
  'segmind-vega': {
    title: 'Segmind Vega',
    of: 'sdxl',
    onHub: ['segmind/Segmind-Vega'],
    changes: { unet: segmind([1, [1, 1], [2, 2]], [[2, 2, 2], [1, 1, 1], 1]) },
  },
  'koala-700m': {
    title: 'KOALA 700M',
    of: 'sdxl',
    onHub: ['etri-vilab/koala-700m'],
    changes: { unet: { ...koala(5), mid_block_type: null } },
  },
  'koala-1b': {
    title: 'KOALA 1B',
    of: 'sdxl',
    onHub: ['etri-vilab/koala-1b'],
    changes: { unet: koala(6) },
  },
} as const satisfies Record<string, SmallerFamily>;
