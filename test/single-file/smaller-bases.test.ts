/** @file Smaller published models: their sizes, their names in single files, and that a file is known by its layers. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { safetensorsLayout } from '../../src/formats/safetensors/safetensors-layout.ts';
import { kindOfBase } from '../../src/merge/single-file-kind.ts';
import { type FamilyName, openFamilyConfig } from '../../src/models/families.ts';
import { checkpointKinds } from '../../src/models/single-file/kinds.ts';
import { checkpointSources } from '../../src/models/single-file/parts.ts';
import { ldmUNetName } from '../../src/models/single-file/unet-names.ts';
import { traceUNet } from '../../src/models/unet/sites.ts';
import { textClaims, vaeClaims } from '../../src/models/weight-claims.ts';
import { outlineModel } from '../../src/pipeline/base/model-outline.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { elementCount, type Shape } from '../../src/tensor/tensor.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-smaller-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Tensors of the UNet and of its middle block, and numbers in all: as diffusers makes them of the configuration. */
test.each<[FamilyName, number, number, number]>([
  ['bk-sdm-base', 442, 46, 579_384_964],
  ['bk-sdm-small', 396, 0, 482_346_884],
  ['bk-sdm-tiny', 358, 0, 323_384_964],
  ['bk-sdm-v2-tiny', 358, 0, 326_825_604],
  ['ssd-1b', 944, 10, 1_331_334_404],
  ['segmind-vega', 564, 10, 745_225_604],
  ['koala-700m', 584, 0, 782_822_724],
  ['koala-1b', 790, 146, 1_161_184_324],
])('%s has %i tensors, %i of them in the middle', async (name, tensors, middle, parameters) => {
  const { weights } = traceUNet((await openFamilyConfig(name)).unet);
  expect(weights.size).toBe(tensors);
  expect([...weights.keys()].filter((key) => key.startsWith('mid_block.')).length).toBe(middle);
  const sizes = [...weights.values()].map(({ shape }) => elementCount(shape));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(parameters);
});

/** As ComfyUI tells models apart: transformer blocks by residual block, and -1 or -2 where the middle has none. */
test.each<[FamilyName, number[], number, number[]]>([
  ['ssd-1b', [0, 0, 2, 2, 4, 4], -1, [4, 4, 10, 2, 1, 1, 0, 0, 0]],
  ['segmind-vega', [0, 0, 1, 1, 2, 2], -1, [2, 2, 2, 1, 1, 1, 0, 0, 0]],
  ['koala-700m', [0, 2, 5], -2, [5, 5, 2, 2, 0, 0]],
  ['koala-1b', [0, 2, 6], 6, [6, 6, 2, 2, 0, 0]],
])('%s has these depths by its names in a file', async (name, down, middle, up) => {
  const { unet } = await openFamilyConfig(name);
  const names = [...traceUNet(unet).weights.keys()].map((key) => ldmUNetName(unet, key) ?? '');
  const depth = (at: string) => new Set(names.map((each) => each.match(transformerBlock(at))?.[1]));
  const depths = (blocks: string) => {
    const residual = names.filter(
      (each) => each.startsWith(blocks) && each.endsWith('in_layers.2.weight'),
    );
    return residual.map((each) => depth(each.split('.').slice(0, 2).join('.')).size - 1);
  };
  expect(depths('input_blocks.')).toEqual(down);
  expect(depths('output_blocks.')).toEqual(up);
  const ofMiddle = names.some((each) => each.startsWith('middle_block.')) ? -1 : -2;
  expect(depth('middle_block').size > 1 ? depth('middle_block').size - 1 : ofMiddle).toBe(middle);
});

function transformerBlock(at: string): RegExp {
  return new RegExp(`^${at.replaceAll('.', '\\.')}\\.1\\.transformer_blocks\\.(\\d+)\\.`);
}

describe('one file of the published size', () => {
  /** Its header is whole, its numbers a hole in the file. */
  async function checkpoint(name: FamilyName, kind: keyof typeof checkpointKinds): Promise<string> {
    const config = await openFamilyConfig(name);
    const sources = checkpointSources(checkpointKinds[kind], config);
    const shapes = new Map<string, Shape>();
    const parts = [
      [traceUNet(config.unet).weights, sources.unet] as const,
      [vaeClaims(config.vae), sources.vae] as const,
      ...config.textEncoders.map(
        (text, i) => [textClaims(text), sources.textEncoders[i] ?? new Map()] as const,
      ),
    ];
    for (const [claims, named] of parts) {
      for (const [key, { shape }] of claims) {
        const { name: stored = '', third, transposed = false } = named.get(key) ?? {};
        const [rows = 0, ...rest] = shape;
        const whole = third === undefined ? shape : [3 * rows, ...rest];
        shapes.set(stored, transposed ? whole.toReversed() : whole);
      }
    }
    const { header, fileSize } = safetensorsLayout(
      [...shapes].map(([stored, shape]) => [stored, { dtype: 'f8e4m3', shape }] as const),
    );
    const path = join(folder, `${name}.safetensors`);
    const file = await open(path, 'w');
    await file.write(header);
    await file.truncate(fileSize);
    await file.close();
    return path;
  }

  test.each([
    ['ssd-1b', 'sdxl', 'SSD-1B, predicting the noise'],
    ['koala-700m', 'sdxl', 'KOALA 700M'],
    ['bk-sdm-tiny', 'sd1', 'BK-SDM tiny'],
  ] as const)('of %s is opened, and said to be it', async (name, kind, title) => {
    const base = await openBaseModel(await checkpoint(name, kind));
    expect(base.unet.config).toEqual((await openFamilyConfig(name)).unet);
    expect(base.notes?.[0]).toContain(title);
    expect(await kindOfBase(base)).toBe(kind);
  });

  test('is of no network that is told its guidance', async () => {
    const base = await outlineModel('sd15', 'sd15');
    const config = { ...base.unet.config, guidanceSize: 256 };
    const places = new Map(base.unet.weights.places);
    const [some] = places.values();
    if (some !== undefined) places.set('time_embedding.cond_proj.weight', some);
    const told = { ...base, unet: { config, weights: { ...base.unet.weights, places } } };
    await expect(kindOfBase(told)).rejects.toMatchObject({ code: 'NO_SINGLE_FILE' });
  });
});
