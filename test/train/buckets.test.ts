/** @file Runs on pictures of several proportions: the bundled model, aspect-ratio buckets, exact resume. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cover } from '../../src/data/cover.ts';
import { decodeImage, encodePng } from '../../src/data/image.ts';
import { readImageFolder } from '../../src/data/image-folder.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';

const base = await quickPocket();
const teapot = 'models/pocket/subjects/teapot';

/** Of the five pictures, in their order. */
const proportions = [
  { width: 160, height: 96 },
  { width: 64, height: 64 },
  { width: 90, height: 150 },
  { width: 80, height: 48 },
  { width: 160, height: 96 },
];

let folder: string;
let images: string;
let milliseconds = 0;
const now = () => milliseconds++;
const host = { now, networks };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-buckets-'));
  images = join(folder, 'images');
  await mkdir(images);
  const { images: pictures } = await readImageFolder(teapot, (image) => image);
  for (const [i, size] of proportions.entries()) {
    const { image } = pictures[i] ?? {};
    if (image === undefined) throw new Error('fewer pictures than proportions');
    await writeFile(join(images, `${i}.png`), await encodePng(cover(image, size, 'bilinear')));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    base,
    images,
    buckets: true,
    subject: 'sks teapot',
    steps: 4,
    batchSize: 2,
    checkpointEvery: 1,
    seed: 3,
    out: join(folder, name),
    ...more,
  };
}

/** Runs and gives its events. */
async function eventsOf(run: TrainOptions): Promise<readonly TrainEvent[]> {
  const events: TrainEvent[] = [];
  await startRun(run, { ...host, listener: (event) => events.push(event) });
  return events;
}

const sizesIn = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === 'started' ? event.sizes : []));

const adapterOf = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));

/** Stops a run after a step, and goes on with it. */
async function interrupted(run: TrainOptions, step: number, meanwhile: () => Promise<void>) {
  const controller = new AbortController();
  const listener = (event: TrainEvent) => {
    if (event.type === 'step' && event.step === step) controller.abort();
  };
  const stopped = await startRun(run, { ...host, listener, signal: controller.signal });
  expect(stopped).toMatchObject({ interrupted: true, step });
  await meanwhile();
  await resumeRun(run.out, host);
}

describe('a run with buckets', () => {
  test('says which there are, learns from each, and resumes to the same bytes', async () => {
    const events = await eventsOf(options('whole'));
    expect(sizesIn(events)).toEqual([
      { width: 80, height: 48, pictures: 3 },
      { width: 64, height: 64, pictures: 1 },
      { width: 48, height: 80, pictures: 1 },
    ]);
    const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
    expect(steps).toHaveLength(4);
    expect(steps.filter(({ gradientNorm }) => !(gradientNorm > 0))).toEqual([]);
    await interrupted(options('cut'), 2, async () => {});
    expect(await adapterOf('cut')).toEqual(await adapterOf('whole'));
  });

  test('with only one step program open at a time learns the same', async () => {
    await eventsOf(options('one-by-one', { memory: '16GB' }));
    expect(await adapterOf('one-by-one')).toEqual(await adapterOf('whole'));
  });

  test('of square pictures is a run without', async () => {
    await eventsOf(options('squares', { images: teapot, steps: 3 }));
    await eventsOf(options('plain', { images: teapot, steps: 3, buckets: false }));
    expect(await adapterOf('squares')).toEqual(await adapterOf('plain'));
  });

  test('has prior pictures of every size of the subject, and resumes exactly, encoding them again', async () => {
    // Square, all of them: they are cut to the other sizes.
    const more = { priorImages: 'models/pocket/subjects/cat', class: 'teapot', accumulate: 2 };
    await eventsOf(options('with-prior', more));
    await interrupted(options('with-prior-cut', more), 2, () =>
      rm(join(folder, 'with-prior-cut', 'dataset.safetensors')),
    );
    expect(await adapterOf('with-prior-cut')).toEqual(await adapterOf('with-prior'));
  });

  test('draws pictures of the class in the sizes of the subject, in turn', async () => {
    await eventsOf(options('drawn', { priorCount: 4, class: 'teapot', steps: 2 }));
    const prior = join(folder, 'drawn', 'prior');
    const sizes: string[] = [];
    for (const name of (await readdir(prior)).sort()) {
      const { width, height } = await decodeImage(await readFile(join(prior, name)), name);
      sizes.push(`${width} x ${height}`);
    }
    expect(sizes).toEqual(['80 x 48', '64 x 64', '48 x 80', '80 x 48']);
  });
});
