/** @file Adapters and models that pages send, and models of the work folder, over the real server. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { convert } from '../../src/api/converting.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import type { BroughtFile } from '../../src/studio/interface/machine-operations.ts';
import { float32 } from '../../src/tensor/tensor.ts';
import { quickPocket } from '../train/quick-pocket.ts';
import { workWithRun } from './short-run.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio({ work: await workWithRun() });
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
});

const send = (name: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  studio.fetch(`/api/files/${encodeURIComponent(name)}`, {
    ...{ method: 'PUT', headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });

async function brought(name: string, body: Uint8Array): Promise<BroughtFile> {
  return (await (await send(name, body)).json()) as BroughtFile;
}

async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  let found: Found | undefined;
  await expect.poll(async () => (found = await look()), { timeout: 60_000 }).toBeDefined();
  if (found === undefined) throw new Error('nothing was found');
  return found;
}

const inAdapters = () => readdirSync(join(studio.work, 'adapters')).sort();
const ofRun = () => readFileSync(join(studio.work, 'runs', 'teapot', 'adapter.safetensors'));

test('an adapter is kept as it is, under a name that is free, and removed again', async () => {
  const first = await brought('mine.safetensors', ofRun());
  const second = await brought('mine.safetensors', ofRun());
  expect(first).toEqual({ kind: 'adapter', id: expect.any(String), name: 'mine' });
  expect(second).toMatchObject({ kind: 'adapter', name: 'mine-2' });
  expect(readFileSync(join(studio.work, 'adapters', 'mine.safetensors'))).toEqual(ofRun());
  expect(await studio.ask('adapters.inspect', { id: first.id })).toMatchObject({
    ...{ subject: 'sks teapot', base: 'pocket', warnings: [] },
  });
  await studio.ask('adapters.remove', { id: second.id });
  expect(inAdapters()).toEqual(['mine.safetensors', 'second.safetensors']);
  const { id = '' } = (await studio.ask('adapters.list', {})).find(({ run }) => run) ?? {};
  await expect(studio.ask('adapters.remove', { id })).rejects.toMatchObject({
    code: 'ADAPTER_OF_RUN',
  });
});

test('one of another program draws, on the model that is said', async () => {
  const path = join(studio.work, 'runs', 'teapot', 'adapter.safetensors');
  const out = join(studio.work, 'lora.safetensors');
  await convert({ adapter: path, to: 'kohya', form: { as: 'lora', rank: 2 }, out });
  const { id } = await brought('of another.safetensors', readFileSync(out));
  const found = (await studio.ask('adapters.inspect', { id })).found;
  expect(found).toMatchObject({ format: 'kohya' });
  await studio.ask('drawings.start', {
    base: 'pocket',
    adapters: [{ id, strength: 1 }],
    settings: { prompt: 'a teapot', count: 1, steps: 2 },
  });
  await until(async () => (await studio.ask('gallery.list', { count: 1 })).entries[0]);
});

const cut = () => ofRun().subarray(0, -10);
const other = () => encodeSafetensors(new Map([['mean', float32([3])]]));
const part = () => encodeSafetensors(new Map([['model.diffusion_model.out.2.bias', float32([4])]]));

test.each<[string, string, () => Uint8Array | string, number, string]>([
  ['a page', 'x.safetensors', () => '<!doctype html>', 422, 'NOT_SAFETENSORS'],
  ['nothing', 'x.safetensors', () => '', 422, 'SAFETENSORS_TOO_SHORT'],
  ['an adapter that is cut', 'x.safetensors', cut, 422, 'SAFETENSORS_OFFSETS'],
  ['tensors of whatever kind', 'x.safetensors', other, 422, 'NOT_AN_ADAPTER'],
  ['a model without most of it', 'x.safetensors', part, 422, 'NOT_A_MODEL'],
  ['what may hold a program', 'x.ckpt', ofRun, 422, 'NOT_SAFETENSORS'],
  ['a way out', '../x.safetensors', ofRun, 422, 'NAME_NOT_A_PATH'],
])('%s is refused, and nothing of it stays', async (_, name, body, status, code) => {
  const before = inAdapters();
  const answer = await send(name, body());
  expect(await answer.json()).toMatchObject({ error: { code } });
  expect(answer.status).toBe(status);
  expect(inAdapters()).toEqual(before);
  expect(existsSync(join(studio.work, 'models'))).toBe(false);
});

test('what is larger than any model is refused before any of it comes', async () => {
  const answer = await send('x.safetensors', ofRun(), { 'X-Krona-Size': '21e9' });
  expect([answer.status, await answer.json()]).toMatchObject([
    413,
    { error: { code: 'TOO_LARGE', details: { most: '20 GB' } } },
  ]);
});

test('a model of the work folder learns and draws by its id, and no page sees where it lies', async () => {
  const place = join(studio.work, 'models', 'my model');
  cpSync(await quickPocket(), place, { recursive: true });
  const base = (await studio.ask('bases.list', {})).find(({ isFound }) => isFound);
  expect(base).toMatchObject({ title: 'my model', size: 64, isHere: true });
  const { name: id = '' } = base ?? {};
  expect((await studio.ask('bases.step', { base: id })).step?.memoryBytes ?? 1).toBeGreaterThan(0);
  const settings = { base: id, subject: 'sks teapot', steps: 2, batchSize: 1, resolution: 32 };
  const preview = await studio.ask('plan.train', {
    settings: { ...settings, images: 'pocket-teapot' },
  });
  expect(preview.problems).toEqual([]);
  expect(preview.command).toContain('my model');
  await studio.ask('jobs.add', {
    ...{ kind: 'train', dataset: 'pocket-teapot', name: 'own', settings },
    thenDraw: ['a {subject}'],
  });
  const run = await until(async () => {
    const one = (await studio.ask('runs.list', {})).find(({ name }) => name === 'own');
    return one?.state.state === 'finished' ? one : undefined;
  });
  expect((await studio.ask('runs.get', { id: run.id })).settings).toMatchObject({ base: id });
  const drawn = await until(async () => {
    const { entries } = await studio.ask('gallery.list', { count: 9 });
    return entries.find(({ prompt }) => prompt === 'a sks teapot');
  });
  const found = await studio.ask('gallery.settings', { picture: drawn.picture });
  expect(found.request?.base).toBe(id);
  await expect(
    studio.ask('jobs.add', {
      ...{ kind: 'train', dataset: 'pocket-teapot', settings: { ...settings, base: place } },
    }),
  ).rejects.toMatchObject({ code: 'PATH_FROM_PAGE' });
  const [model] = await studio.ask('models.list', {});
  await studio.ask('models.remove', { id: model?.id ?? '' });
  expect(existsSync(place)).toBe(false);
  expect((await studio.ask('bases.list', {})).some(({ isFound }) => isFound)).toBe(false);
});
