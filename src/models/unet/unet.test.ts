import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { decodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { Graph, input } from '../../graph/index.ts';
import { chooseSites, Scope } from '../../nn/index.ts';
import { elementCount } from '../../tensor/tensor.ts';
import { traceUNet, unetSites } from './sites.ts';
import { unet } from './unet.ts';
import { parseUNetConfig, type UNetConfig } from './unet-config.ts';

const fixtureNames = ['unet-sd15', 'unet-sd21', 'unet-sdxl'] as const;
type Fixture = (typeof fixtureNames)[number];

async function read(name: Fixture) {
  const folder = fixturePath(name);
  const json: unknown = JSON.parse(await readFile(`${folder}/config.json`, 'utf8'));
  const weights = await readFile(`${folder}/diffusion_pytorch_model.safetensors`);
  return {
    config: parseUNetConfig(json, 'config.json'),
    json: json as Readonly<Record<string, unknown>>,
    tensors: decodeSafetensors(weights, name).tensors,
  };
}

/** Traces with inputs of any shapes. */
function trace(
  config: UNetConfig,
  shapes: { sample?: number[]; time?: number[]; context?: number[] } = {},
) {
  const graph = new Graph();
  const { sample = [2, 4, 16, 16], time = [2, 16], context = [2, 7, 48] } = shapes;
  return unet(Scope.root(graph), config, {
    sample: input(graph, 'sample', 'f32', sample),
    timeFeatures: input(graph, 'time', 'f32', time),
    context: input(graph, 'context', 'f32', context),
  });
}

describe.each(fixtureNames)('a traced UNet, %s', (name) => {
  test('asks for exactly the tensors of the file, by name and shape', async () => {
    const { config, tensors } = await read(name);
    const asked = [...traceUNet(config).weights].map(([key, { shape }]) => [key, shape]);
    const inFile = [...tensors].map(([key, { shape }]) => [key, shape]);
    expect(Object.fromEntries(asked)).toEqual(Object.fromEntries(inFile));
  });

  test('has a site for every tensor of the file, seen as a matrix', async () => {
    const { config, tensors } = await read(name);
    const expected = [...tensors].map(
      ([
        key,
        {
          shape: [out = 0, ...inner],
        },
      ]) => {
        const site = inner.length === 0 ? key : key.replace(/\.weight$/, '');
        return [`unet.${site}`, out, elementCount(inner)];
      },
    );
    const sites = unetSites(config).map((site) => [site.name, site.out, site.in]);
    expect(sites.sort()).toEqual(expected.sort());
  });

  test('has four attention sites twice per transformer block by default', async () => {
    const { config, tensors } = await read(name);
    const blocks = [...tensors.keys()].filter((key) => key.endsWith('attn1.to_q.weight')).length;
    expect(chooseSites(unetSites(config), ['attention'])).toHaveLength(8 * blocks);
  });
});

describe('tracing a UNet', () => {
  test('keeps the size of the sample, also where levels round it up', async () => {
    const { config } = await read('unet-sd15');
    expect(trace(config).shape).toEqual([2, 4, 16, 16]);
    expect(trace(config, { sample: [2, 4, 13, 9] }).shape).toEqual([2, 4, 13, 9]);
  });

  test('names the layer that does not fit', async () => {
    const { config } = await read('unet-sd15');
    expect(() => trace(config, { sample: [2, 4, 16] })).toThrow(
      expect.objectContaining({
        code: 'NOT_A_PICTURE',
        message: expect.stringMatching(/^conv_in: convolution\(f32\[2, 4, 16\]/),
      }),
    );
    const manyHeads = { ...config, levels: config.levels.map((level) => ({ ...level, heads: 5 })) };
    expect(() => trace(manyHeads)).toThrow(
      expect.objectContaining({ code: 'HEADS_DO_NOT_DIVIDE' }),
    );
    expect(() => trace({ ...config, groups: 5 })).toThrow(
      /^down_blocks\.0\.resnets\.0\.norm1: 16 channels do not split into 5 groups/,
    );
  });

  test('names the layer where batches differ', async () => {
    const { config } = await read('unet-sd15');
    expect(() => trace(config, { time: [3, 16] })).toThrow(/^down_blocks\.0\.resnets\.0/);
    expect(() => trace(config, { context: [3, 7, 48] })).toThrow(
      /^down_blocks\.0\.attentions\.0\.transformer_blocks\.0\.attn2/,
    );
  });
});

describe("a UNet's config.json", () => {
  test('is refused where it asks for what is not computed here', async () => {
    const { json } = await read('unet-sd15');
    const parse = () => parseUNetConfig({ ...json, act_fn: 'mish' }, 'unet/config.json');
    expect(parse).toThrow(expect.objectContaining({ code: 'UNET_UNSUPPORTED' }));
    expect(parse).toThrow('unet/config.json: "act_fn" is "mish", only "silu" is supported');
  });

  test('is refused where it is of another model, or inconsistent', async () => {
    const { json } = await read('unet-sd15');
    const refused = (changes: Readonly<Record<string, unknown>>) =>
      expect(() => parseUNetConfig({ ...json, ...changes }, 'unet/config.json')).toThrow(
        expect.objectContaining({ code: 'UNET_CONFIG' }),
      );
    refused({ _class_name: 'AutoencoderKL' });
    refused({ block_out_channels: [16, 24] });
    refused({ cross_attention_dim: 'wide' });
  });

  test('gives heads per level, though its key says attention_head_dim', async () => {
    const { config } = await read('unet-sd21');
    const { json } = await read('unet-sd21');
    expect(config.levels.map(({ heads }) => heads)).toEqual(json.attention_head_dim);
  });
});
