/** @file The loss on held-out pictures: when it is measured, what it is compared with, and that nothing learns from it. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainEvent } from '../../src/train/events.ts';
import { readEvents, validationsOf } from '../../src/train/folder/read-events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';
import { readEvents as readTensorboard } from './tensorboard-reader.ts';
import { readRun as readWandb } from './wandb-reader.ts';

const base = await quickPocket();
let folder: string;
let heldOut: string;
const host = { now: () => 0, networks };

/** One program computes backward too, the other does not: float32 sums in another order. */
const rounding = 1e-5;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-validation-'));
  heldOut = join(folder, 'held-out');
  await mkdir(heldOut);
  const cats = join('models/pocket/subjects/cat');
  const [first = ''] = (await readdir(cats)).filter((name) => name.endsWith('.png'));
  await copyFile(join(cats, first), join(heldOut, first));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    ...{ base, images: 'models/pocket/subjects/teapot', subject: 'sks teapot', seed: 3 },
    // Its four samples are a batch of three, and one filled up to three.
    ...{ steps: 3, batchSize: 3, checkpointEvery: 1, out: join(folder, name) },
    ...{ adapterOptions: { a1: 4, a2: 8, dropout: 0.3 }, learningRate: 0.05 },
    ...more,
  };
}

const measured = async (name: string) =>
  validationsOf(await readEvents(join(folder, name, 'events.jsonl')));

async function wandbHistory(name: string) {
  const logs = join(folder, name, 'wandb');
  const [run = ''] = await readdir(logs);
  return readWandb(await readFile(join(logs, run, `run-${run.slice(-8)}.wandb`))).history;
}

test('is measured at the start, every so many steps and at the end, and changes no byte of the adapter', async () => {
  const validating = {
    validationImages: heldOut,
    validationEvery: 2,
    tensorboard: true,
    wandb: true,
  } as const;
  await startRun(options('with', validating), host);
  await startRun(options('without'), host);
  const adapters = ['with', 'without'].map((name) =>
    readFile(join(folder, name, 'adapter.safetensors')),
  );
  const [withIt, without] = await Promise.all(adapters);
  expect(withIt).toEqual(without);
  const events = await measured('with');
  expect(events.map(({ step }) => step)).toEqual([0, 2, 3]);
  const [start, ...later] = events;
  if (start === undefined) throw new Error('no measurement at the start');
  expect(Math.abs(start.loss - start.baseLoss)).toBeLessThan(rounding);
  for (const { loss, baseLoss } of later) {
    expect(baseLoss).toBe(start.baseLoss);
    expect(Math.abs(loss - baseLoss)).toBeGreaterThan(10 * rounding);
  }
  const curve = await readFile(join(folder, 'with', 'loss.svg'), 'utf8');
  expect(curve.match(/<circle /g)).toHaveLength(3);
  const logged = join(folder, 'with', 'tensorboard');
  const [file = ''] = await readdir(logged);
  const scalars = readTensorboard(await readFile(join(logged, file)));
  expect(JSON.stringify(scalars)).toContain('validation_above_base');

  const controller = new AbortController();
  const listener = (event: TrainEvent) => {
    if (event.type === 'step' && event.step === 2) controller.abort();
  };
  const cut = options('cut', validating);
  await startRun(cut, { ...host, listener, signal: controller.signal });
  expect((await measured('cut')).map(({ step }) => step)).toEqual([0]);
  await rm(heldOut, { recursive: true });
  await resumeRun(join(folder, 'cut'), host);
  expect(await measured('cut')).toEqual(events);
  // What is measured after the pause stands at its step.
  expect(await wandbHistory('cut')).toEqual(await wandbHistory('with'));
  expect((await wandbHistory('cut')).map(({ validation_loss: loss }) => loss)).toEqual([
    ...[events[0]?.loss, undefined, events[1]?.loss, events[2]?.loss],
  ]);
  expect(await readFile(join(folder, 'cut', 'adapter.safetensors'))).toEqual(without);
  await mkdir(heldOut);
});

test('of a base without the adapter is that of a run at its start, with text encoders and a new word too', async () => {
  await startRun(
    options('word', {
      ...{ subject: '<pot> teapot', newToken: true, targets: ['attn2.to_k', 'text-encoder'] },
      ...{ steps: 1, batchSize: 1, loss: 'huber', validationImages: 'pocket/cat' },
      adapterOptions: { a1: 4, a2: 8 },
    }),
    host,
  );
  const [start, end] = await measured('word');
  expect(Math.abs((start?.loss ?? 0) - (start?.baseLoss ?? 1))).toBeLessThan(rounding);
  expect(end?.step).toBe(1);
});

test('of several subjects is measured for each by its own words, and their mean, before a pause and after it', async () => {
  const images = (name: string) => join('models/pocket/subjects', name);
  const cat = { images: images('cat'), subject: 'olis cat', validationImages: images('cat2') };
  const both = {
    concept: [cat],
    validationImages: images('teapot2'),
    validationEvery: 1,
    steps: 2,
  };
  const controller = new AbortController();
  const listener = ({ type }: TrainEvent) => type === 'step' && controller.abort();
  await startRun(options('both', both), { ...host, listener, signal: controller.signal });
  await resumeRun(join(folder, 'both'), host);
  expect(await readdir(join(folder, 'both'))).toContain('validation-2.safetensors');
  const events = await measured('both');
  expect(events.map(({ step }) => step)).toEqual([0, 1, 2]);
  for (const { loss, baseLoss, subjects: [pot, other] = [] } of events) {
    expect([pot?.subject, other?.subject]).toEqual(['sks teapot', 'olis cat']);
    expect(2 * loss).toBeCloseTo((pot?.loss ?? 0) + (other?.loss ?? 0), 10);
    expect(2 * baseLoss).toBeCloseTo((pot?.baseLoss ?? 0) + (other?.baseLoss ?? 0), 10);
    expect(other?.baseLoss).toBe(events[0]?.subjects?.[1]?.baseLoss);
  }
  const alone = { images: cat.images, subject: cat.subject, steps: 1 };
  await startRun(options('alone', { ...alone, validationImages: cat.validationImages }), host);
  const [first] = await measured('alone');
  expect(first).not.toHaveProperty('subjects');
  expect(first?.baseLoss).toBe(events[0]?.subjects?.[1]?.baseLoss);
});

test('is refused of texts that are longer than those of the training', async () => {
  const long = join(folder, 'long');
  await mkdir(long);
  for (const [i, caption] of ['a teapot', 'a teapot, '.repeat(60)].entries()) {
    await copyFile(`models/pocket/subjects/cat/0${i}.png`, join(long, `${i}.png`));
    await writeFile(join(long, `${i}.txt`), caption);
  }
  const images = join(folder, 'short');
  await mkdir(images);
  await copyFile('models/pocket/subjects/teapot/00.png', join(images, '0.png'));
  await writeFile(join(images, '0.txt'), 'a sks teapot');
  const captioned = { captions: true, promptSyntax: 'a1111', images } as const;
  const tooLong = options('long-texts', { ...captioned, validationImages: long });
  await expect(startRun(tooLong, host)).rejects.toMatchObject({ code: 'HELD_OUT_TEXT' });
});

test('is refused of a picture that is trained on, before there is a run', async () => {
  const own = options('own', { validationImages: 'pocket/teapot' });
  await expect(startRun(own, host)).rejects.toMatchObject({ code: 'HELD_OUT_TRAINED' });
  await expect(readdir(join(folder, 'own'))).rejects.toThrow('ENOENT');
});
