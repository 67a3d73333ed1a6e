/** @file Working on adapters over the real server, on the bundled model: looking, converting, merging, extracting, planning. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { convert } from '../../src/api/converting.ts';
import { plan } from '../../src/api/looking.ts';
import { merge } from '../../src/api/merging.ts';
import { changesApart } from './changes-apart.ts';
import { workWithRun } from './short-run.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
let ofRun: string;
let second: string;

beforeAll(async () => {
  studio = await startStudio({ work: await workWithRun() });
  const adapters = await studio.ask('adapters.list', {});
  ofRun = adapters.find(({ run }) => run !== undefined)?.id ?? '';
  second = adapters.find(({ name }) => name === 'second')?.id ?? '';
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
});

const sizes = z.object({ a1: z.number(), a2: z.number() });
const pathOfRun = () => join(studio.work, 'runs', 'teapot', 'adapter.safetensors');

test('an adapter is looked into: method, sites by block, what it can become', async () => {
  const detail = await studio.ask('adapters.inspect', { id: ofRun });
  expect(detail).toMatchObject({
    ...{ name: 'teapot', subject: 'sks teapot', base: 'pocket', method: 'krona' },
    ...{ file: 'runs/teapot/adapter.safetensors', warnings: [] },
    found: { format: 'krona', fits: 'pocket', words: ['sks teapot'] },
  });
  const { found, targets, parameters } = detail;
  const blocks = found?.blocks ?? [];
  expect(blocks.flatMap(({ sites }) => sites)).toHaveLength(found?.sites ?? 0);
  expect(blocks.reduce((sum, block) => sum + block.parameters, 0)).toBe(parameters);
  expect(blocks.every(({ size }) => size > 0)).toBe(true);
  expect(targets.map(({ name, isExact }) => [name, isExact])).toEqual(
    expect.arrayContaining([
      ['krona', true],
      ['kohya', true],
      ['diffusers', false],
      ['peft', expect.any(Boolean)],
    ]),
  );
  expect(JSON.stringify(detail)).not.toContain(studio.work);
});

test('converted as a LoRA it is one file, and does the same', async () => {
  const made = await studio.ask('adapters.convert', {
    id: ofRun,
    settings: { to: 'kohya', form: { as: 'lora' } },
  });
  expect(made.name).toBe('teapot-lora.safetensors');
  expect(new Set(made.methods.map(({ method }) => method))).toEqual(new Set(['lora']));
  expect(made.loads).toEqual(expect.arrayContaining(['ComfyUI', 'A1111']));
  expect(made.errors?.worst.error).toBeLessThan(1e-5);
  const folder = join(studio.work, 'downloads', made.download);
  expect(readdirSync(folder)).toEqual([made.name]);
  const path = join(folder, made.name);
  expect(readFileSync(path)).toHaveLength(made.bytes);
  // Factors of rank rank(A)·rank(B) come from float32 decompositions.
  expect(await changesApart(path, pathOfRun())).toBeLessThan(1e-5);
});

test('a format of several files is one archive', async () => {
  const made = await studio.ask('adapters.convert', {
    id: ofRun,
    settings: { to: 'peft', form: { as: 'lora' } },
  });
  expect(made.name).toBe('teapot-lora.zip');
  expect(made.loads).toContain('PEFT');
  expect(readdirSync(join(studio.work, 'downloads', made.download))).toEqual([made.name]);
});

test('what a format cannot hold is refused with what would go, and leaves nothing', async () => {
  const before = readdirSync(join(studio.work, 'downloads'));
  const refused = studio.ask('adapters.convert', { id: ofRun, settings: { to: 'diffusers' } });
  await expect(refused).rejects.toMatchObject({ code: 'FORMAT_UNFIT' });
  await expect(refused).rejects.toThrow(/as: lora/);
  expect(readdirSync(join(studio.work, 'downloads'))).toEqual(before);
});

test('two of three quarters and a half are one that does what both do', async () => {
  const { adapter, errors } = await studio.ask('adapters.merge', {
    adapters: [
      { id: ofRun, strength: 0.75 },
      { id: second, strength: 0.5 },
    ],
    name: 'both of them',
    settings: {},
  });
  expect(adapter).toMatchObject({ name: 'both of them', base: 'pocket' });
  expect(adapter.run).toBeUndefined();
  expect(errors).toBeUndefined();
  const path = join(studio.work, 'adapters', 'both of them.safetensors');
  // The second is a copy of the first.
  expect(await changesApart(path, pathOfRun(), 1.25)).toBeLessThan(1e-6);
  expect((await studio.ask('adapters.list', {})).map(({ id }) => id)).toContain(adapter.id);
});

test('what a tuned model learned is an adapter; models are chosen by ids', async () => {
  const models = join(studio.work, 'models');
  mkdirSync(models);
  await merge({
    ...{ into: 'model', adapters: [{ file: pathOfRun() }], base: 'pocket' },
    ...{ out: join(models, 'tuned'), dtype: 'f32' },
  });
  writeFileSync(join(models, 'notes.txt'), 'no model');
  const [tuned, ...others] = await studio.ask('models.list', {});
  expect(others).toEqual([]);
  expect(tuned).toEqual({
    ...{ id: expect.any(String), name: 'tuned', place: 'models', isOwn: true },
    bytes: expect.any(Number),
  });
  const { found } = await studio.ask('adapters.inspect', { id: ofRun });
  const { a1, a2 } = sizes.parse(found?.adapters[0]?.options);
  const made = await studio.ask('adapters.extract', {
    ...{ base: 'pocket', tuned: tuned?.id ?? '', name: 'again' },
    settings: { form: { as: 'krona', a1, a2 } },
  });
  expect(made).toMatchObject({
    ...{ adapter: { name: 'again', method: 'krona' }, form: { as: 'krona', a1, a2 } },
    ...{ outside: 0, unchanged: 0 },
  });
  // A small change, rounded with the weight that it is added to.
  const path = join(studio.work, 'adapters', 'again.safetensors');
  expect(await changesApart(path, pathOfRun())).toBeLessThan(1e-3);
});

test('the grid is that of plan, with bytes as files have them', async () => {
  const { entries } = await studio.ask('adapters.grid', { base: 'pocket', settings: {} });
  const planned = await plan({ base: 'pocket', grid: true });
  if (planned.kind !== 'grid') throw new Error('a grid was asked for');
  expect(entries.map(({ fileBytes: _, ...entry }) => entry)).toEqual(planned.entries);
  const some = entries.filter(({ parameters }) => parameters !== null);
  expect(some.length).toBeGreaterThan(4);
  for (const { a1, a2, fileBytes } of some) {
    const one = await plan({ base: 'pocket', adapterOptions: { a1, a2 } });
    const bytes = one.kind === 'adapter' ? one.fileBytes.f32 : 0;
    // Digits of shapes.
    expect(Math.abs((fileBytes ?? 0) - bytes)).toBeLessThan(0.01 * bytes);
  }
});

test.each<[string, string, () => Promise<unknown>]>([
  ['NOT_HERE', 'an id that climbs', () => studio.ask('adapters.inspect', { id: '../etc' })],
  [
    'NOT_HERE',
    'a path for an id',
    () => studio.ask('adapters.convert', { id: pathOfRun(), settings: { to: 'kohya' } }),
  ],
  [
    'NAME_NOT_A_PATH',
    'a name that climbs',
    () =>
      studio.ask('adapters.merge', {
        adapters: [{ id: ofRun, strength: 1 }],
        ...{ name: '../climbs', settings: {} },
      }),
  ],
  [
    'OUT_EXISTS',
    'a name that is taken',
    () =>
      studio.ask('adapters.merge', {
        adapters: [{ id: ofRun, strength: 1 }],
        ...{ name: 'second', settings: {} },
      }),
  ],
  [
    'NOTHING_TO_COMBINE',
    'strengths that are all 0',
    () =>
      studio.ask('adapters.merge', {
        adapters: [{ id: ofRun, strength: 0 }],
        ...{ name: 'nothing', settings: {} },
      }),
  ],
  [
    'NOT_HERE',
    'a model by its path',
    () =>
      studio.ask('adapters.extract', {
        ...{ base: 'pocket', tuned: join(studio.work, 'models', 'tuned') },
        ...{ name: 'x', settings: {} },
      }),
  ],
  [
    'NOT_HERE',
    'a base by its path',
    () => studio.ask('adapters.grid', { base: './models/tuned', settings: {} }),
  ],
  [
    'NOT_HERE',
    'a base of the form of the hub that is a folder where the server runs',
    () => studio.ask('adapters.grid', { base: 'models/pocket', settings: {} }),
  ],
])('%s: %s', async (code, _, ask) => {
  const files = () => readdirSync(studio.work, { recursive: true, encoding: 'utf8' }).sort();
  const before = files();
  await expect(ask()).rejects.toMatchObject({ code });
  expect(files()).toEqual(before);
});

test('a file that is no adapter says so, and is not in the way', async () => {
  writeFileSync(join(studio.work, 'adapters', 'broken.safetensors'), 'not at all');
  const broken = (await studio.ask('adapters.list', {})).find(({ name }) => name === 'broken');
  expect(broken?.problem).toMatch(/\S/);
  await expect(studio.ask('adapters.inspect', { id: broken?.id ?? '' })).rejects.toThrow(/\S/);
});

test('of another tool', async () => {
  await convert({
    ...{ adapter: pathOfRun(), to: 'kohya', form: { as: 'lora', rank: 2 } },
    out: join(studio.work, 'adapters', 'foreign.safetensors'),
  });
  const foreign = (await studio.ask('adapters.list', {})).find(({ name }) => name === 'foreign');
  const detail = await studio.ask('adapters.inspect', { id: foreign?.id ?? '' });
  expect(detail.found).toMatchObject({ format: 'kohya', fits: 'pocket' });
  expect(detail.found?.loads.map(({ program }) => program)).toContain('ComfyUI');
});
