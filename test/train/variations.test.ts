/** @file Trainings that show pictures in more than one way: exact resume, and what each setting changes. */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSafetensors } from '../../src/storage/weights/safetensors-file.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';

const base = await quickPocket();
const host = { now: () => 0, networks };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-varied-'));
  await mkdir(join(folder, 'images'));
  for (const number of ['00', '01']) {
    const picture = join(folder, 'images', `${number}.png`);
    await copyFile(`models/pocket/subjects/teapot/${number}.png`, picture);
  }
  const lines = 'a {subject}, red, on grass\none {subject}, seen from above\n';
  await writeFile(join(folder, 'images', '00.txt'), lines);
  const listed = { file_name: '01.png', text: 'the {subject}' };
  await writeFile(join(folder, 'images', 'metadata.jsonl'), JSON.stringify(listed));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    ...{ base, images: join(folder, 'images'), subject: 'sks teapot', seed: 3 },
    ...{ steps: 4, batchSize: 1, checkpointEvery: 1, captions: true, out: join(folder, name) },
    ...{ learningRate: 0.01, ...more },
  };
}

const varied = {
  ...{ captionLines: true, captionDropout: 0.3, shuffleTags: 3, keepTokens: 1 },
  ...{ flip: true, randomCrops: 2 },
} as const;
const adapterOf = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));

test('views and texts are encoded once each, and a run goes on exactly from any step, also without its encoded pictures', async () => {
  await startRun(options('whole', varied), host);
  const kept = await openSafetensors(join(folder, 'whole', 'dataset.safetensors'));
  const names = [...(await kept.readAll()).keys()];
  // One view each, as the pictures are square, and its mirror image.
  expect(names.filter((name) => name.endsWith('.mean'))).toHaveLength(4);
  // Two orders of two tags, two captions that have none to shuffle, and the empty text.
  expect(names.filter((name) => name.endsWith('.states'))).toHaveLength(5);
  for (const at of [1, 3]) {
    const controller = new AbortController();
    const listener = (event: TrainEvent) => {
      if (event.type === 'step' && event.step === at) controller.abort();
    };
    await startRun(options(`cut-${at}`, varied), { ...host, listener, signal: controller.signal });
    if (at === 3) await rm(join(folder, 'cut-3', 'dataset.safetensors'));
    await resumeRun(join(folder, `cut-${at}`), host);
    expect(await adapterOf(`cut-${at}`)).toEqual(await adapterOf('whole'));
  }
});

test('each of the settings decides the adapter', async () => {
  const adapters = new Set<string>();
  const settings: Partial<TrainOptions>[] = [
    {},
    { captionLines: true },
    { captionDropout: 0.9 },
    { shuffleTags: 3 },
    { shuffleTags: 3, keepTokens: 1 },
    { flip: true },
  ];
  for (const [i, more] of settings.entries()) {
    await startRun(options(`one-${i}`, { steps: 2, ...more }), host);
    adapters.add((await adapterOf(`one-${i}`)).toString('base64'));
  }
  expect(adapters.size).toBe(settings.length);
});
