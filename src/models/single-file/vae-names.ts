/** @file The autoencoder's names in single-file checkpoints (CompVis' autoencoder, taming-transformers' blocks). */
import type { VaeConfig } from '../vae/vae-config.ts';
import { type Replacement, replaceStart } from './source.ts';

const shared: readonly Replacement[] = [
  ['mid_block.resnets.0', 'mid.block_1'],
  ['mid_block.resnets.1', 'mid.block_2'],
  ['mid_block.attentions.0.group_norm', 'mid.attn_1.norm'],
  ['mid_block.attentions.0.to_q', 'mid.attn_1.q'],
  ['mid_block.attentions.0.to_k', 'mid.attn_1.k'],
  ['mid_block.attentions.0.to_v', 'mid.attn_1.v'],
  ['mid_block.attentions.0.to_out.0', 'mid.attn_1.proj_out'],
  ['conv_norm_out', 'norm_out'],
];

/**
 * The name in the file, without the autoencoder's prefix, of a tensor of an AutoencoderKL.
 *
 * The decoder's levels are numbered from the finest, where diffusers counts from the coarsest.
 */
export function ldmVaeName(config: VaeConfig, name: string): string {
  const [half = '', ...rest] = name.split('.');
  if (half !== 'encoder' && half !== 'decoder') return name;
  const inner = rest.join('.');
  const renamed = replaceStart(inner, [...shared, ...blocks(config)]) ?? inner;
  return `${half}.${renamed.replace(/\bconv_shortcut\b/, 'nin_shortcut')}`;
}

function blocks({ blockChannels, layersPerBlock }: VaeConfig): readonly Replacement[] {
  const count = blockChannels.length;
  return blockChannels.flatMap((_, i) => {
    const down = `down.${i}`;
    const up = `up.${count - 1 - i}`;
    return [
      [`down_blocks.${i}.downsamplers.0`, `${down}.downsample`],
      [`up_blocks.${i}.upsamplers.0`, `${up}.upsample`],
      ...Array.from({ length: layersPerBlock + 1 }, (_, j): Replacement[] => [
        [`down_blocks.${i}.resnets.${j}`, `${down}.block.${j}`],
        [`up_blocks.${i}.resnets.${j}`, `${up}.block.${j}`],
      ]).flat(),
    ] satisfies Replacement[];
  });
}
