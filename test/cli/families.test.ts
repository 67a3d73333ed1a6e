import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { configureAdapter } from '../../src/adapters/index.ts';
import { Graph, input, type Value } from '../../src/graph/index.ts';
import type { ClipTextConfig } from '../../src/models/clip/clip-config.ts';
import { clipText } from '../../src/models/clip/clip-text.ts';
import { type FamilyName, openFamilyConfig } from '../../src/models/families.ts';
import { traceUNet } from '../../src/models/unet/sites.ts';
import { decode, encode } from '../../src/models/vae/vae.ts';
import type { VaeConfig } from '../../src/models/vae/vae-config.ts';
import { chooseSites, Scope, type Site } from '../../src/nn/index.ts';
import { elementCount } from '../../src/tensor/tensor.ts';

import { fixturePath } from '../fixtures.ts';

type Shapes = Record<string, readonly number[]>;

/** Every tensor of a published model. */
function manifest(name: string): Shapes {
  const file = readFileSync(fixturePath('shape-manifests', `${name}.json.gz`));
  return (JSON.parse(gunzipSync(file).toString()) as { tensors: Shapes }).tensors;
}

function shapes(weights: ReadonlyMap<string, Value>): Shapes {
  return Object.fromEntries([...weights].map(([name, value]) => [name, value.shape]));
}

function traceText(config: ClipTextConfig): Scope {
  const graph = new Graph();
  const scope = Scope.root(graph);
  clipText(scope, config, {
    ids: input(graph, 'ids', 'i64', [1, 1]),
    pooledRows: input(graph, 'rows', 'i64', [1]),
  });
  return scope;
}

function traceVae(config: VaeConfig): Scope {
  const graph = new Graph();
  const scope = Scope.root(graph);
  const side = config.downsampling;
  encode(scope, config, input(graph, 'pictures', 'f32', [1, 3, side, side]));
  decode(scope, config, input(graph, 'latents', 'f32', [1, config.latentChannels, 1, 1]));
  return scope;
}

const manifests = {
  sd15: { unet: 'sd15.unet', vae: 'vae-sd', text: ['text-sd15'] },
  sd21: { unet: 'sd21.unet', vae: 'vae-sd', text: ['text-sd21'] },
  sdxl: { unet: 'sdxl.unet', vae: 'vae-sdxl', text: ['text-sd15', 'text-sdxl_2'] },
} as const satisfies Partial<Record<FamilyName, unknown>>;

const names = ['sd15', 'sd21', 'sdxl'] as const;

describe.each(names)('the shipped configuration of %s', (name) => {
  test('traces to exactly the names and shapes of the published UNet', async () => {
    const { unet } = await openFamilyConfig(name);
    expect(shapes(traceUNet(unet).weights)).toEqual(manifest(manifests[name].unet));
  });

  test('traces to exactly the names and shapes of the published VAE', async () => {
    const { vae } = await openFamilyConfig(name);
    expect(shapes(traceVae(vae).weights)).toEqual(manifest(manifests[name].vae));
  });

  test('traces to exactly the names and shapes of the published text encoders', async () => {
    const { textEncoders } = await openFamilyConfig(name);
    expect(textEncoders.map((config) => shapes(traceText(config).weights))).toEqual(
      manifests[name].text.map(manifest),
    );
  });
});

test('the shipped configuration of the refiner has as many weights as the published file', async () => {
  const { unet, vae, textEncoders } = await openFamilyConfig('sdxl-refiner');
  const parts = [traceUNet(unet), traceVae(vae), ...textEncoders.map(traceText)];
  const tensors = parts.flatMap(({ weights }) => [...weights.values()]);
  const count = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  // sd_xl_refiner_1.0.safetensors, in half precision; the rest is its header, 150 bytes a tensor as in the base's file.
  const header = 6_075_981_930 - 2 * count;
  expect(header / tensors.length).toBeGreaterThan(145);
  expect(header / tensors.length).toBeLessThan(155);
});

interface Counts {
  readonly krona: Readonly<Record<string, number>>;
  readonly krona_not_divisible?: readonly string[];
  readonly lora: Readonly<Record<string, number>>;
  readonly matrices: number;
}

type CountFile = Readonly<
  Record<
    (typeof names)[number],
    Readonly<Record<'unet_attention' | 'unet_attn1_only' | 'unet_attn2_only', Counts>> & {
      readonly text_encoders: Readonly<Record<string, { readonly attention: Counts }>>;
    }
  >
>;

const { models: counts } = JSON.parse(
  readFileSync(fixturePath('param-counts/param-counts.json'), 'utf8'),
) as { models: CountFile };

function expectCounts(sites: readonly Site[], expected: Counts): void {
  const total = (method: string, options: unknown): number => {
    const adapter = configureAdapter(method, options);
    return sites.reduce((sum, site) => sum + adapter.parameterCount(site), 0);
  };
  expect(sites.length).toBe(expected.matrices);
  const krona = Object.keys(expected.krona).map((pair) => {
    const [a1, a2] = pair.split(',').map(Number);
    return [pair, total('krona', { a1, a2 })];
  });
  expect(Object.fromEntries(krona)).toEqual(expected.krona);
  const lora = Object.keys(expected.lora).map((rank) => [
    rank,
    total('lora', { rank: Number(rank) }),
  ]);
  expect(Object.fromEntries(lora)).toEqual(expected.lora);
  for (const pair of expected.krona_not_divisible ?? []) {
    const [a1, a2] = pair.trim().split(',').map(Number);
    expect(() => total('krona', { a1, a2 })).toThrow(/does not divide/);
  }
}

describe.each(names)('parameter counts on %s equal the reference', (name) => {
  test('for all attention, self-attention and cross-attention of the UNet', async () => {
    const { sites } = traceUNet((await openFamilyConfig(name)).unet);
    expectCounts(chooseSites(sites, ['attention']), counts[name].unet_attention);
    expectCounts(chooseSites(sites, ['attn1.*']), counts[name].unet_attn1_only);
    expectCounts(chooseSites(sites, ['attn2.*']), counts[name].unet_attn2_only);
  });

  test('for the attention of its text encoders', async () => {
    const { textEncoders } = await openFamilyConfig(name);
    const expected = Object.values(counts[name].text_encoders);
    expect(textEncoders.length).toBe(expected.length);
    for (const [i, config] of textEncoders.entries()) {
      const attention = expected[i]?.attention;
      if (attention === undefined) throw new Error(`no counts of text encoder ${i}`);
      expectCounts(chooseSites(traceText(config).sites, ['text-encoder']), attention);
    }
  });
});
