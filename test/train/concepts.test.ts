/** @file Several subjects in one run, and subjects that were trained apart in one adapter. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdapterFile, decodeAdapterFile as decode } from '../../src/adapters/index.ts';
import { merge } from '../../src/api/merging.ts';
import { evaluateRun } from '../../src/experiments/evaluate/evaluate-run.ts';
import { baseSites } from '../../src/pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';

const base = await quickPocket();
const host = { now: () => 0, networks };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-concepts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const place = (...names: readonly string[]) => join(folder, ...names);
const cat = { images: 'pocket/cat', subject: '<cat> cat' };

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    base,
    ...{ images: 'pocket/teapot', subject: '<pot> teapot', adapter: 'custom-diffusion' },
    ...{ steps: 4, batchSize: 2, checkpointEvery: 2, seed: 3, out: place(name) },
    ...more,
  };
}

async function adapterOf(name: string) {
  const path = place(name, 'adapter.safetensors');
  return decode(await readFile(path), path);
}

function wordsOf({ placed }: AdapterFile): readonly string[] {
  return placed.flatMap(({ adapter }) => adapter.newTokens.map(({ token }) => token));
}

describe('a run of two subjects', () => {
  const concept = [{ ...cat, prompt: 'a photo of a {subject}' }];

  test('learns a word for each, and goes on to the same bytes', async () => {
    await startRun(options('whole', { concept }), host);
    const file = await adapterOf('whole');
    expect(wordsOf(file)).toEqual(['<pot>', '<cat>']);
    expect(file.training?.concept).toEqual([
      { subject: '<cat> cat', class: 'cat', prompt: 'a photo of a {subject}' },
    ]);
    const vectors = [...file.tensors].find(([name]) => name.endsWith('.vectors'))?.[1];
    expect(vectors?.shape[0]).toBe(2);
    const stop = new AbortController();
    await startRun(options('half', { concept }), {
      ...host,
      signal: stop.signal,
      listener: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    await resumeRun(place('half'), host);
    const bytes = (name: string) => readFile(place(name, 'adapter.safetensors'));
    expect((await bytes('half')).equals(await bytes('whole'))).toBe(true);
  });

  test('goes on from an adapter of both, and from none of whose words one is missing', async () => {
    const more = { init: place('whole', 'adapter.safetensors'), steps: 1 };
    await startRun(options('further', { ...more, concept }), host);
    expect(wordsOf(await adapterOf('further'))).toEqual(['<pot>', '<cat>']);
    await expect(startRun(options('alone', more), host)).rejects.toMatchObject({
      code: 'INIT_WORD',
      message: expect.stringContaining('<cat>'),
    });
  });

  test('keeps the class of each by pictures that the base draws of it, or of a folder', async () => {
    const more = { priorCount: 1, steps: 1, batchSize: 1, adapter: 'krona', newToken: false };
    const drawn = { ...cat, subject: 'sks cat' };
    const found = { ...drawn, priorImages: 'pocket/cat2' };
    const said = { subject: 'olis teapot', ...more };
    await startRun(options('drawn', { ...said, concept: [drawn] }), host);
    expect((await readdir(place('drawn'))).filter((name) => name.startsWith('prior'))).toEqual([
      'prior',
      'prior-2',
    ]);
    await startRun(options('found', { ...said, concept: [found] }), host);
    expect(await readdir(place('found'))).not.toContain('prior-2');
  });

  test('is evaluated subject by subject, each against its own pictures', async () => {
    const prompts = place('prompts.txt');
    await writeFile(prompts, 'a {} in the snow\n');
    const drawing = { prompts, count: 1, steps: 1, drift: false };
    const settings = { ...drawing, clip: 'pocket', dino: 'pocket' } as const;
    const { evaluation } = await evaluateRun(place('whole'), settings, host);
    const { summary, pictures, real } = evaluation;
    const typed = pictures.map((each) => [each.subject, each.prompt]);
    expect(typed).toEqual([
      ['<pot> teapot', 'a <pot> teapot in the snow'],
      ['<cat> cat', 'a <cat> cat in the snow'],
    ]);
    expect(summary.subjects.map(({ subject }) => subject)).toEqual(['<pot> teapot', '<cat> cat']);
    const [pot, other] = summary.subjects.map(({ clipI }) => clipI ?? Number.NaN);
    expect(summary.overall.clipI?.mean).toBeCloseTo(((pot ?? 0) + (other ?? 0)) / 2, 10);
    expect(new Set(real.map(({ clipI }) => clipI)).size).toBe(2);
    const others = evaluateRun(place('whole'), { ...settings, images: 'pocket/cat' }, host);
    await expect(others).rejects.toThrow(expect.objectContaining({ code: 'IMAGES_OF_SEVERAL' }));
  });

  test.each([
    ['CONCEPTS_ALIKE', { concept: [{ ...cat, subject: '<pot> cat' }] }],
    ['SUBJECT_WITHOUT_CLASS', { concept: [{ ...cat, subject: 'cat' }] }],
    ['PRIOR_OF_SOME', { priorImages: 'pocket/cat2', concept: [cat] }],
    [
      'PRIOR_TWICE',
      { priorCount: 1, concept: [{ ...cat, priorImages: 'pocket/cat2', priorCount: 1 }] },
    ],
    ['WORD_NOT_IN_PROMPT', { concept: [{ ...cat, prompt: 'a photo' }] }],
    ['INVALID_SETTING', { concept: [{ subject: '<cat> cat' }] }],
  ])('is refused with %s', async (code, more) => {
    await expect(startRun(options('refused', more as Partial<TrainOptions>), host)).rejects.toThrow(
      expect.objectContaining({ code }),
    );
    expect(await readdir(folder)).not.toContain('refused');
  });
});

describe('subjects that were trained apart', () => {
  beforeAll(async () => {
    const short = { steps: 2, learningRate: 0.01 };
    await startRun(options('pot', short), host);
    await startRun(options('cat', { ...short, ...cat }), host);
    await startRun(options('all', { ...short, adapter: 'krona', targets: ['attention'] }), host);
  });

  const merged = (names: readonly string[], out: string) =>
    merge({
      ...{ into: 'adapter', how: 'custom-diffusion', base, out: place(out) },
      adapters: names.map((name) => ({ file: place(name) })),
    });

  test('are one adapter that does on their texts what each was taught', async () => {
    const { counts, errors } = await merged(['pot', 'cat'], 'both.safetensors');
    expect(counts).toMatchObject({ constrained: 14, words: 1 });
    // Float32 of the change.
    for (const { error } of errors) expect(error).toBeLessThan(1e-6);
    const sites = baseSites(await openBaseModel(base));
    const file = decode(await readFile(place('both.safetensors')), 'both', sites);
    expect(wordsOf(file)).toEqual(['<pot>', '<cat>']);
    expect(file.training).toMatchObject({
      subject: '<pot> teapot',
      concept: [{ subject: '<cat> cat' }],
    });
  });

  test.each([
    ['TOKEN_TWICE', ['pot', 'pot']],
    ['MERGE_SITES', ['pot', 'all']],
  ])('are refused with %s', async (code, names) => {
    await expect(merged(names, 'refused.safetensors')).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });
});
