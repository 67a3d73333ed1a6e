import { describe, expect, test } from 'vitest';
import { familySites } from '../../../test/family-sites.ts';
import { ModuleNames, moduleOf, type NameStyle } from './module-names.ts';

const sd15 = await familySites('sd15');
const sdxl = await familySites('sdxl');

describe('module names', () => {
  test.each([
    // As published files spell them.
    [
      'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_out_0',
      'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0',
      'kohya',
    ],
    [
      'lora_unet_output_blocks_11_1_transformer_blocks_0_attn2_to_k',
      'unet.up_blocks.3.attentions.2.transformer_blocks.0.attn2.to_k',
      'kohya-sgm',
    ],
    ['lora_unet_input_blocks_3_0_op', 'unet.down_blocks.0.downsamplers.0.conv', 'kohya-sgm'],
    ['lora_unet_input_blocks_1_0_in_layers_2', 'unet.down_blocks.0.resnets.0.conv1', 'kohya-sgm'],
    [
      'lora_te_text_model_encoder_layers_11_mlp_fc1',
      'text_encoder.text_model.encoder.layers.11.mlp.fc1',
      'kohya',
    ],
    ['lycoris_mid_block_resnets_1_conv2', 'unet.mid_block.resnets.1.conv2', 'lycoris'],
    [
      'diffusion_model.middle_block.1.transformer_blocks.0.ff.net.0.proj',
      'unet.mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj',
      'comfyui',
    ],
    [
      'unet.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_out',
      'unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0',
      'processor',
    ],
    ['base_model.model.conv_in', 'unet.conv_in', 'peft'],
    // Saved from a text encoder of transformers 5, which has no level text_model.
    [
      'base_model.model.encoder.layers.11.mlp.fc1',
      'text_encoder.text_model.encoder.layers.11.mlp.fc1',
      'peft',
    ],
    [
      'text_encoder.encoder.layers.11.mlp.fc1',
      'text_encoder.text_model.encoder.layers.11.mlp.fc1',
      'diffusers',
    ],
    ['lora_unet_conv_norm_out', 'unet.conv_norm_out', 'kohya'],
  ])('%s', (name, module, style) => {
    expect(new ModuleNames(sd15).find(name)).toContainEqual({ module, style });
  });

  test.each([
    ['lora_te1_text_model_encoder_layers_0_self_attn_q_proj', 'text_encoder.'],
    ['lora_te2_text_model_encoder_layers_31_self_attn_q_proj', 'text_encoder_2.'],
    ['lora_unet_input_blocks_8_1_transformer_blocks_9_attn1_to_v', 'unet.down_blocks.2.'],
    ['lora_unet_output_blocks_2_2_conv', 'unet.up_blocks.0.upsamplers.0.conv'],
    ['lora_unet_label_emb_0_2', 'unet.add_embedding.linear_2'],
  ])('of SDXL: %s', (name, start) => {
    const [found] = new ModuleNames(sdxl).find(name);
    expect(found?.module.startsWith(start)).toBe(true);
  });

  test.each([
    ['sd15', sd15],
    ['sdxl', sdxl],
  ] as const)('no two modules of %s share a name that says its part', (_family, sites) => {
    const names = new ModuleNames(sites);
    const modules = [...new Set(sites.map(moduleOf))];
    const styles: NameStyle[] = ['kohya', 'kohya-sgm', 'diffusers', 'processor', 'comfyui'];
    for (const style of styles) {
      const spelled = modules.flatMap((module) => names.spell(module, style) ?? []);
      expect(new Set(spelled).size, style).toBe(spelled.length);
      expect(spelled.length, style).toBeGreaterThan(100);
      for (const name of spelled) expect(names.find(name), name).toHaveLength(1);
    }
  });

  test('the nearest name is one in the same style', () => {
    const names = new ModuleNames(sd15);
    expect(names.nearest('lora_unet_mid_block_attentions_0_proj_im')).toBe(
      'lora_unet_mid_block_attentions_0_proj_in',
    );
    expect(names.nearest('unet.conv_inn')).toBe('unet.conv_in');
  });
});
