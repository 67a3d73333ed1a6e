/** @file Trainings with masks: white ones change no byte, others what is learned where; and exact resume. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blankImage, encodePng, type Image } from '../../src/data/image.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { readEvents, validationsOf } from '../../src/train/folder/read-events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';

const base = await quickPocket();
const host = { now: () => 0, networks };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-masked-'));
  const white = blankImage(64, 64);
  const half = blankImage(64, 64);
  half.data.forEach((_, i) => {
    half.data[i] = Math.floor(i / 3) % 64 < 32 ? 255 : 0;
  });
  const put = async (name: string, subject: string, mask?: Image) => {
    await mkdir(join(folder, name));
    for (const picture of subject === 'cat' ? ['00'] : ['00', '01']) {
      const file = join(folder, name, picture);
      await copyFile(`models/pocket/subjects/${subject}/${picture}.png`, `${file}.png`);
      if (mask !== undefined) await writeFile(`${file}-masklabel.png`, await encodePng(mask));
    }
  };
  await put('plain', 'teapot');
  await put('white', 'teapot', white);
  await put('half', 'teapot', half);
  await put('cat', 'cat');
  await put('half-cat', 'cat', half);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    ...{ base, images: join(folder, 'half'), subject: 'sks teapot', seed: 3 },
    ...{ steps: 3, batchSize: 2, checkpointEvery: 1, masks: 'files', out: join(folder, name) },
    ...more,
  };
}

const adapterOf = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));

test('white masks, normalised or not, and the lack of them give the bytes of a run that knows no masks; the loss on held-out pictures counts theirs', async () => {
  const [plain, white] = [join(folder, 'plain'), join(folder, 'white')];
  await startRun(options('never', { images: plain, masks: 'none' }), host);
  const whole = { images: white, normalizeMasks: true, validationImages: join(folder, 'cat') };
  await startRun(options('ones', whole), host);
  const inside = {
    masks: 'auto',
    unmaskedWeight: 0,
    validationImages: join(folder, 'half-cat'),
  } as const;
  await startRun(options('lacking', { images: plain, ...inside }), host);
  expect(await adapterOf('ones')).toEqual(await adapterOf('never'));
  expect(await adapterOf('lacking')).toEqual(await adapterOf('never'));
  const lossOf = async (name: string) =>
    validationsOf(await readEvents(join(folder, name, 'events.jsonl')))[0]?.baseLoss ?? 0;
  const share = (await lossOf('lacking')) / (await lossOf('ones'));
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(1);
});

test('a mask decides the adapter, as do its settings, and a run goes on exactly, also without its encoded pictures', async () => {
  await startRun(options('whole'), host);
  for (const [name, more] of Object.entries({
    other: { images: join(folder, 'plain'), masks: 'none' },
    floor: { unmaskedWeight: 0 },
    normal: { normalizeMasks: true },
  } as const)) {
    await startRun(options(name, more), host);
    expect(await adapterOf(name)).not.toEqual(await adapterOf('whole'));
  }
  const controller = new AbortController();
  const listener = (event: TrainEvent) => {
    if (event.type === 'step' && event.step === 2) controller.abort();
  };
  await startRun(options('cut'), { ...host, listener, signal: controller.signal });
  await rm(join(folder, 'cut', 'dataset.safetensors'));
  await resumeRun(join(folder, 'cut'), host);
  expect(await adapterOf('cut')).toEqual(await adapterOf('whole'));
  await rm(join(folder, 'half', '00-masklabel.png'));
  await rm(join(folder, 'cut', 'dataset.safetensors'));
  await rm(join(folder, 'cut', 'adapter.safetensors'));
  await expect(resumeRun(join(folder, 'cut'), host)).rejects.toMatchObject({
    code: 'DATASET_CHANGED',
  });
});

test('masks that are asked for and not there, and a folder of them that nothing reads, are refused', async () => {
  const images = join(folder, 'plain');
  const refused = (more: Partial<TrainOptions>) =>
    startRun(options('no', { images, ...more }), host);
  await expect(refused({})).rejects.toMatchObject({ code: 'MASKS_MISSING' });
  await expect(refused({ masks: 'alpha' })).rejects.toMatchObject({ code: 'MASKS_MISSING' });
  const unread = refused({ masks: 'none', maskImages: folder });
  await expect(unread).rejects.toMatchObject({ code: 'SETTING_UNHEEDED' });
  expect(await readdir(folder)).not.toContain('no');
});
