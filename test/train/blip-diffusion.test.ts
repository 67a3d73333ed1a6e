/** @file BLIP-Diffusion's tuning: a word that starts as what the model sees in the pictures, and the whole UNet. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdapterFile, decodeAdapterFile } from '../../src/adapters/index.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { drawPictures } from '../../src/generate/draw-plan.ts';
import { planGeneration } from '../../src/generate/generation-plan.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { contextVectors, requireSeeing } from '../../src/pipeline/subject/context-vectors.ts';
import { loadPictures } from '../../src/train/pictures/dataset.ts';
import { resolveConfig } from '../../src/train/resolve-options.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { planTraining } from '../../src/train/training-plan.ts';
import { makeBlipFolder } from '../blip-folder.ts';
import { networks } from './networks.ts';

const images = join(pocketFolder(), 'subjects', 'teapot');
const host = { now: () => 0, networks };
const resolution = 32;
const table = 'text_encoder.text_model.embeddings.token_embedding.vectors';

let folder: string;
let base: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-blip-run-'));
  base = await makeBlipFolder(join(folder, 'base'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  const own = { base, adapter: 'blip-diffusion', images, subject: 'sks teapot', resolution };
  return { ...own, steps: 2, batchSize: 1, seed: 3, out: join(folder, name), ...more };
}

const bytesOf = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));
const adapterOf = async (name: string): Promise<AdapterFile> =>
  decodeAdapterFile(await bytesOf(name), name);

/** So small that a step changes nothing. */
const still = { steps: 1, learningRate: 1e-12, weightDecay: 0 };

describe("BLIP-Diffusion's tuning", () => {
  test('has the settings of its authors where none are given', async () => {
    const given = { images, subject: 'sks dog', out: 'run', adapter: 'blip-diffusion' };
    const { recommendation } = await openBaseModel(base);
    expect(resolveConfig(given, recommendation)).toMatchObject({
      ...{ steps: 40, batchSize: 3, learningRate: 5e-6, weightDecay: 0.01, optimizer: 'adamw' },
      ...{ targets: ['unet'], newToken: true, wordFrom: 'pictures' },
    });
  });

  test('starts from the mean of what is seen in the pictures, and draws with it', async () => {
    const previews = { samplePrompt: ['a {subject} in the snow'], sampleEvery: 1 };
    await startRun(options('still', { ...still, ...previews }), host);
    expect(await readdir(join(folder, 'still', 'samples'))).toHaveLength(2);
    const { placed, tensors } = await adapterOf('still');
    expect(placed.map(({ adapter }) => adapter.method)).toEqual([
      'blip-diffusion',
      'textual-inversion',
    ]);
    expect(placed[1]?.adapter.newTokens).toEqual([{ token: 'sks', vectors: 4, position: 2 }]);
    const sizes = [{ width: resolution, height: resolution }];
    const { pictures } = await loadPictures(images, { captions: false, repeats: 1, sizes });
    const seen = await contextVectors(requireSeeing(await openBaseModel(base)), {
      pictures: pictures.map(({ crop }) => crop),
      name: 'teapot',
    });
    const learned = [...(tensors.get(table)?.data ?? [])];
    // A step of 1e-12 is lost in float32.
    expect(learned).toEqual([...seen.data].map((value) => expect.closeTo(value, 6)));
    const request = {
      ...{ run: join(folder, 'still'), prompt: 'a {subject} on the beach' },
      ...{ count: 1, steps: 1, width: resolution, height: resolution },
    };
    const plan = await planGeneration(request);
    expect(plan.prompt).toBe('a sks teapot on the beach');
    expect(plan.config.promptRepeats).toBe(20);
    expect(plan.config.promptSyntax).toBe('plain');
    expect(await drawPictures(plan, [1], host)).toHaveLength(1);
    await expect(planGeneration({ ...request, promptSyntax: 'a1111' })).rejects.toMatchObject({
      code: 'PROMPT_UNSUPPORTED',
    });
  });

  test('trains the word and the UNet, and resumes to the byte from before and after its first step', async () => {
    const more = { checkpointEvery: 1, learningRate: 1e-3 };
    await startRun(options('whole', more), host);
    const [before, after] = [await adapterOf('still'), await adapterOf('whole')];
    expect([...after.tensors.keys()]).toEqual([...before.tensors.keys()]);
    expect(after.tensors.get(table)).not.toEqual(before.tensors.get(table));
    const stop = new AbortController();
    await startRun(options('half', more), {
      ...host,
      signal: stop.signal,
      listener: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    // As after a kill before the first checkpoint: the pictures are looked at again.
    await cp(join(folder, 'half'), join(folder, 'none'), { recursive: true });
    await rm(join(folder, 'none', 'checkpoints'), { recursive: true });
    for (const name of ['half', 'none']) {
      await resumeRun(join(folder, name), host);
      expect((await bytesOf(name)).equals(await bytesOf('whole'))).toBe(true);
    }
  });

  test('goes on from an adapter of its own with the word of that', async () => {
    const init = join(folder, 'whole', 'adapter.safetensors');
    const { adapter: _, base: __, ...others } = options('on', { ...still, init });
    await startRun(others, host);
    const [before, after] = [await adapterOf('whole'), await adapterOf('on')];
    expect([...(after.tensors.get(table)?.data ?? [])]).toEqual(
      [...(before.tensors.get(table)?.data ?? [])].map((value) => expect.closeTo(value, 6)),
    );
  });

  test('may start the word of any method', async () => {
    const model = await openBaseModel(base);
    const words = { adapter: 'lora', newToken: true, wordFrom: 'pictures' } as const;
    const { placed } = planTraining(
      resolveConfig(options('x', words), model.recommendation),
      model,
    );
    expect(placed.at(-1)?.adapter.options).toMatchObject({ token: 'sks', vectors: 4, position: 2 });
  });

  test.each<[string, Partial<TrainOptions>]>([
    ['NO_QFORMER', { base: 'pocket' }],
    ['WORD_FROM_PICTURES', { initialWord: 'pot' }],
    ['WORD_FROM_PICTURES', { tokenVectors: 7 }],
    ['WORD_FROM_PICTURES', { newToken: false }],
    ['WORD_FROM_PICTURES', { adapter: 'lora', wordFrom: 'pictures' }],
  ])('refuses %s: %j', async (code, more) => {
    await expect(startRun(options('refused', more), host)).rejects.toMatchObject({ code });
  });
});
