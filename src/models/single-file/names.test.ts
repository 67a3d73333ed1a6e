import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { openFamilyConfig } from '../families.ts';
import { openClipSource } from './text-names.ts';
import { ldmUNetName } from './unet-names.ts';
import { ldmVaeName } from './vae-names.ts';

/** Names and shapes of a published model, as the reference implementation has them. */
function manifest(name: string): Record<string, readonly number[]> {
  const text = gunzipSync(
    readFileSync(fixturePath('shape-manifests', `${name}.json.gz`)),
  ).toString();
  return JSON.parse(text).tensors;
}

const [sd15, sd21, sdxl] = await Promise.all([
  openFamilyConfig('sd15'),
  openFamilyConfig('sd21'),
  openFamilyConfig('sdxl'),
]);

/**
 * The modules of openaimodel.py's UNet in the order its constructor makes them, for the reference's level multipliers:
 * per level two residual blocks on the way down and three on the way up, a transformer where `depth` is not zero.
 */
function modulesOfConstructor(depths: readonly number[], middle: number): string[] {
  const residual = (at: string, skip: boolean) =>
    [
      ...['in_layers.0', 'in_layers.2', 'emb_layers.1', 'out_layers.0', 'out_layers.3'],
      ...(skip ? ['skip_connection'] : []),
    ].map((module) => `${at}.${module}`);
  const transformer = (at: string, depth: number) => [
    ...['norm', 'proj_in', 'proj_out'].map((module) => `${at}.${module}`),
    ...Array.from({ length: depth }, (_, k) =>
      [
        ...['attn1', 'attn2'].flatMap((name) =>
          ['to_q', 'to_k', 'to_v', 'to_out.0'].map((projection) => `${name}.${projection}`),
        ),
        ...['ff.net.0.proj', 'ff.net.2', 'norm1', 'norm2', 'norm3'],
      ].map((module) => `${at}.transformer_blocks.${k}.${module}`),
    ).flat(),
  ];
  const modules = ['time_embed.0', 'time_embed.2', 'input_blocks.0.0', 'out.0', 'out.2'];
  let block = 1;
  depths.forEach((depth, level) => {
    for (let j = 0; j < 2; j++, block++) {
      // The number of channels changes with the first block of a level, and from level 2 to 3 of SD 1 and 2 it stays.
      const skip = j === 0 && level > 0 && level < 3;
      modules.push(...residual(`input_blocks.${block}.0`, skip));
      if (depth > 0) modules.push(...transformer(`input_blocks.${block}.1`, depth));
    }
    if (level < depths.length - 1) modules.push(`input_blocks.${block++}.0.op`);
  });
  modules.push(...residual('middle_block.0', false), ...transformer('middle_block.1', middle));
  modules.push(...residual('middle_block.2', false));
  [...depths].reverse().forEach((depth, i) => {
    for (let j = 0; j < 3; j++) {
      const at = `output_blocks.${3 * i + j}`;
      modules.push(...residual(`${at}.0`, true));
      if (depth > 0) modules.push(...transformer(`${at}.1`, depth));
      if (j === 2 && i < depths.length - 1) modules.push(`${at}.${depth > 0 ? 2 : 1}.conv`);
    }
  });
  return modules;
}

const withoutKind = (name: string): string => name.replace(/\.(weight|bias)$/, '');

describe('every tensor of a published UNet', () => {
  test.each([
    ['sd15.unet', sd15.unet, modulesOfConstructor([1, 1, 1, 0], 1), 686],
    ['sd21.unet', sd21.unet, modulesOfConstructor([1, 1, 1, 0], 1), 686],
    [
      'sdxl.unet',
      sdxl.unet,
      [...modulesOfConstructor([0, 2, 10], 10), 'label_emb.0.0', 'label_emb.0.2'],
      1680,
    ],
  ])('%s has exactly one name in a single file', (name, config, modules, count) => {
    const names = Object.keys(manifest(name));
    const mapped = names.map((each) => ldmUNetName(config, each));
    expect(mapped).not.toContain(undefined);
    expect(names.length).toBe(count);
    expect(new Set(mapped).size).toBe(count);
    expect([...new Set(mapped.map((each) => withoutKind(each ?? '')))].sort()).toEqual(
      [...modules].sort(),
    );
  });

  test.each([
    ['down_blocks.0.resnets.0.norm1.weight', 'input_blocks.1.0.in_layers.0.weight'],
    ['down_blocks.1.resnets.0.conv_shortcut.bias', 'input_blocks.4.0.skip_connection.bias'],
    ['down_blocks.2.downsamplers.0.conv.bias', 'input_blocks.9.0.op.bias'],
    ['up_blocks.0.upsamplers.0.conv.weight', 'output_blocks.2.1.conv.weight'],
    ['up_blocks.1.upsamplers.0.conv.weight', 'output_blocks.5.2.conv.weight'],
    ['up_blocks.3.attentions.2.proj_out.bias', 'output_blocks.11.1.proj_out.bias'],
    [
      'mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0.bias',
      'middle_block.1.transformer_blocks.0.attn1.to_out.0.bias',
    ],
    ['conv_norm_out.weight', 'out.0.weight'],
  ])('of SD 1.5: %s is %s', (name, expected) => {
    expect(ldmUNetName(sd15.unet, name)).toBe(expected);
  });

  test('but no other name', () => {
    expect(ldmUNetName(sd15.unet, 'down_blocks.4.resnets.0.norm1.weight')).toBeUndefined();
    expect(ldmUNetName(sd15.unet, 'down_blocks.0.resnets.0.norm3.weight')).toBeUndefined();
  });
});

describe('every tensor of the published autoencoder', () => {
  test('has exactly one name in a single file', () => {
    const names = Object.keys(manifest('vae-sd'));
    const mapped = names.map((name) => ldmVaeName(sd15.vae, name));
    expect(new Set(mapped).size).toBe(names.length);
    const heads = mapped.map((name) => name.replace(/\.\d+.*|\.(weight|bias)$/, ''));
    expect([...new Set(heads)].sort()).toEqual(
      [
        ...[
          'decoder.conv_in',
          'decoder.conv_out',
          'decoder.mid.attn_1.k',
          'decoder.mid.attn_1.norm',
        ],
        ...['decoder.mid.attn_1.proj_out', 'decoder.mid.attn_1.q', 'decoder.mid.attn_1.v'],
        ...['norm1', 'norm2', 'conv1', 'conv2'].flatMap((layer) => [
          `decoder.mid.block_1.${layer}`,
          `decoder.mid.block_2.${layer}`,
          `encoder.mid.block_1.${layer}`,
          `encoder.mid.block_2.${layer}`,
        ]),
        ...[
          'decoder.norm_out',
          'decoder.up',
          'encoder.conv_in',
          'encoder.conv_out',
          'encoder.down',
        ],
        ...['encoder.mid.attn_1.k', 'encoder.mid.attn_1.norm', 'encoder.mid.attn_1.proj_out'],
        ...['encoder.mid.attn_1.q', 'encoder.mid.attn_1.v', 'encoder.norm_out'],
        ...['post_quant_conv', 'quant_conv'],
      ].sort(),
    );
  });

  test.each([
    ['decoder.up_blocks.0.upsamplers.0.conv.weight', 'decoder.up.3.upsample.conv.weight'],
    ['decoder.up_blocks.2.resnets.0.conv_shortcut.bias', 'decoder.up.1.block.0.nin_shortcut.bias'],
    ['encoder.down_blocks.1.resnets.0.norm1.weight', 'encoder.down.1.block.0.norm1.weight'],
    ['encoder.down_blocks.2.downsamplers.0.conv.bias', 'encoder.down.2.downsample.conv.bias'],
    ['encoder.mid_block.attentions.0.to_out.0.weight', 'encoder.mid.attn_1.proj_out.weight'],
    ['decoder.conv_norm_out.weight', 'decoder.norm_out.weight'],
  ])('%s is %s', (name, expected) => {
    expect(ldmVaeName(sd15.vae, name)).toBe(expected);
  });
});

test.each([
  ['text-sd21', 23, 0],
  ['text-sdxl_2', 32, 1],
])("every tensor of %s has exactly one place in OpenCLIP's names", (name, layers, projections) => {
  const names = Object.keys(manifest(name)).filter((each) => !each.endsWith('position_ids'));
  const sources = names.map((each) => openClipSource(each));
  expect(sources).not.toContain(undefined);
  const places = new Set(sources.map((source) => `${source?.name} ${source?.third}`));
  expect(places.size).toBe(names.length);
  // OpenCLIP: 12 tensors a layer, two tables, the last norm; the fused matrix and bias count three times here.
  const stored = new Set(sources.map((source) => source?.name));
  expect(stored.size).toBe(12 * layers + 4 + projections);
  expect([...stored].filter((each) => each?.startsWith('transformer.resblocks.7.'))).toHaveLength(
    12,
  );
});
