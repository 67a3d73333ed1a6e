/** @file Going on from an adapter: of krona, of the published DiffuseKronA and of other tools. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdapterFile, decodeAdapterFile } from '../../src/adapters/index.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { writeForeignAdapter } from '../../src/exchange/index.ts';
import { decodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { baseSites } from '../../src/pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { fixturePath } from '../fixtures.ts';
import { networks } from './networks.ts';

const images = join(pocketFolder(), 'subjects', 'teapot');
const now = () => 0;
const host = { now, networks };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-init-'));
  const reference = { layout: 'reference', a1: 2, a2: 8 };
  await startRun(options('first', { adapterOptions: reference, learningRate: 0.01 }), host);
  const { sites, file } = {
    sites: baseSites(await openBaseModel('pocket')),
    file: await adapterOf('first'),
  };
  for (const [name, bytes] of writeForeignAdapter(file, 'official', { sites })) {
    await writeFile(join(folder, name), bytes);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  const out = join(folder, name);
  return { images, subject: 'sks teapot', steps: 2, batchSize: 1, seed: 3, out, ...more };
}

const pathOf = (name: string) => join(folder, name, 'adapter.safetensors');
const official = () => join(folder, 'pytorch_lora_weights.safetensors');

async function adapterOf(name: string): Promise<AdapterFile> {
  return decodeAdapterFile(await readFile(pathOf(name)), name);
}

const recordOf = async (name: string) =>
  JSON.parse(await readFile(join(folder, name, 'run.json'), 'utf8'));

/** Largest difference of two adapters' values. */
function difference(a: AdapterFile, b: AdapterFile): number {
  expect([...a.tensors.keys()]).toEqual([...b.tensors.keys()]);
  return Math.max(
    ...[...a.tensors].flatMap(([name, { data }]) =>
      [...data].map((value, i) => Math.abs(value - (b.tensors.get(name)?.data[i] ?? Number.NaN))),
    ),
  );
}

/** So small that a step changes nothing. */
const still = { steps: 1, learningRate: 1e-12, weightDecay: 0 };

describe('going on from an adapter', () => {
  test('begins with its values, its method, options and sites', async () => {
    await startRun(options('still', { ...still, init: pathOf('first') }), host);
    const [before, after] = [await adapterOf('first'), await adapterOf('still')];
    expect(difference(before, after)).toBeLessThan(1e-11);
    expect(after.placed.map(({ adapter }) => adapter.options)).toEqual(
      before.placed.map(({ adapter }) => adapter.options),
    );
    const { config, init } = await recordOf('still');
    expect(config).toMatchObject({
      adapter: 'krona',
      adapterOptions: { layout: 'reference', a1: 2, a2: 8 },
      targets: before.targets,
      init: pathOf('first'),
    });
    expect(init.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });

  test('of the published code is the same, without the base that ours names', async () => {
    await expect(startRun(options('none', { init: official() }), host)).rejects.toMatchObject({
      code: 'BASE_NEEDED',
    });
    await startRun(options('published', { ...still, init: official(), base: 'pocket' }), host);
    expect(difference(await adapterOf('published'), await adapterOf('still'))).toBe(0);
    expect((await recordOf('published')).config.targets).toEqual(['attention']);
  });

  test('resumes to the byte, wherever the file went', async () => {
    const more = { base: 'pocket', steps: 4, checkpointEvery: 2 };
    await cp(official(), join(folder, 'moved.safetensors'));
    await startRun(options('whole', { ...more, init: official() }), host);
    const stop = new AbortController();
    await startRun(options('half', { ...more, init: join(folder, 'moved.safetensors') }), {
      ...host,
      signal: stop.signal,
      listener: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    await cp(join(folder, 'half'), join(folder, 'stopped'), { recursive: true });
    await rm(join(folder, 'moved.safetensors'));
    await resumeRun(join(folder, 'half'), host);
    expect((await readFile(pathOf('half'))).equals(await readFile(pathOf('whole')))).toBe(true);
    expect(difference(await adapterOf('whole'), await adapterOf('first'))).toBeGreaterThan(1e-5);
  });

  test('does not resume with another one', async () => {
    await cp(join(folder, 'stopped'), join(folder, 'changed'), { recursive: true });
    await cp(pathOf('first'), join(folder, 'changed', 'adapter-init.safetensors'));
    await expect(resumeRun(join(folder, 'changed'), host)).rejects.toMatchObject({
      code: 'INIT_CHANGED',
    });
  });

  test('may teach a new word beside it', async () => {
    const more = { ...still, subject: '<pot> teapot', newToken: true, init: pathOf('first') };
    await startRun(options('word', more), host);
    const { placed, tensors } = await adapterOf('word');
    expect(placed.map(({ adapter }) => adapter.method)).toEqual(['krona', 'textual-inversion']);
    // The word goes on too.
    await startRun(options('words', { ...more, newToken: false, init: pathOf('word') }), host);
    expect([...(await adapterOf('words')).tensors.keys()]).toEqual([...tensors.keys()]);
    const other = { ...more, subject: 'sks teapot', newToken: false, init: pathOf('word') };
    await expect(startRun(options('none', other), host)).rejects.toMatchObject({
      code: 'INIT_WORD',
    });
  });

  test.each<[string, Partial<TrainOptions>]>([
    ['INIT_METHOD', { adapter: 'lora' }],
    ['INIT_OPTIONS', { adapterOptions: { a1: 4 } }],
    ['INIT_TARGETS', { targets: ['attn2.*'] }],
    ['INIT_TARGETS', { targets: ['attention+feed-forward'] }],
  ])('refuses what contradicts it: %s of %j', async (code, more) => {
    const given = options('none', { init: pathOf('first'), ...more });
    await expect(startRun(given, host)).rejects.toMatchObject({ code });
  });

  test('takes what agrees with it', async () => {
    const agreeing = { adapter: 'krona', adapterOptions: { a1: 2 }, targets: ['attn*.to_*'] };
    const run = await startRun(
      options('agreeing', { ...still, ...agreeing, init: pathOf('first') }),
      host,
    );
    expect(run.step).toBe(1);
  });
});

test('a checkpoint that the published code wrote goes on, on a model of its kind', async () => {
  const base = join(folder, 'tiny');
  const parts = {
    unet: 'unet-sd15',
    vae: 'vae-sd',
    text_encoder: 'clip-text',
    tokenizer: 'clip-tokenizer/tokenizer',
  };
  for (const [part, from] of Object.entries(parts)) {
    await cp(fixturePath(from), join(base, part), { recursive: true });
  }
  await mkdir(join(base, 'scheduler'));
  const scheduler = 'scheduler/scheduler_config.json';
  await cp(fixturePath('unet-sd15/scheduler_config.json'), join(base, scheduler));
  await writeFile(
    join(base, 'model_index.json'),
    JSON.stringify({
      _class_name: 'StableDiffusionPipeline',
      unet: ['diffusers', 'UNet2DConditionModel'],
      vae: ['diffusers', 'AutoencoderKL'],
      text_encoder: ['transformers', 'CLIPTextModel'],
      tokenizer: ['transformers', 'CLIPTokenizer'],
      scheduler: ['diffusers', 'DDIMScheduler'],
    }),
  );
  const init = fixturePath('adapter-files/diffusekrona-official');
  await startRun(options('theirs', { ...still, base, init, resolution: 64 }), host);
  const path = join(init, 'pytorch_lora_weights.safetensors');
  const { tensors } = decodeSafetensors(await readFile(path), path);
  const after = await adapterOf('theirs');
  expect(after.placed.every(({ adapter }) => adapter.options.layout === 'reference')).toBe(true);
  expect(after.tensors.size).toBe(tensors.size);
  for (const [name, up] of tensors) {
    if (!name.endsWith('.up.weight')) continue;
    const module = name.replace('.processor.', '.').replace('_lora.up.weight', '');
    const b = after.tensors.get(`${module.replace(/to_out$/, 'to_out.0')}.B`);
    const distances = [...(b?.data ?? [])].map((value, i) => Math.abs(value - Number(up.data[i])));
    expect(Math.max(...distances)).toBeLessThan(1e-11);
  }
});
