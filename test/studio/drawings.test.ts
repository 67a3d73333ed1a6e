/** @file Drawing and the gallery over the real server, on the bundled model. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import type { Drawing } from '../../src/studio/interface/drawing-operations.ts';
import { Lanes } from '../../src/studio/queue/lanes.ts';
import { workWithRun } from './short-run.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
/** Ids of the run's adapter and of the other one. */
let ofRun: string;
let second: string;
let drawn: Drawing;

const quick = { prompt: 'a {subject}', steps: 2, count: 1, seed: 7 };

beforeAll(async () => {
  studio = await startStudio({ work: await workWithRun(), keepWork: true });
  const runs = await studio.ask('runs.list', {});
  const { adapterId } = await studio.ask('runs.get', { id: runs[0]?.id ?? '' });
  ofRun = adapterId ?? '';
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
  rmSync(studio.work, { recursive: true, force: true });
});

async function ended(id: string): Promise<Drawing> {
  let drawing: Drawing | undefined;
  await expect
    .poll(
      async () => {
        drawing = (await studio.ask('drawings.list', {})).find((each) => each.id === id);
        return drawing?.state;
      },
      { timeout: 120_000, interval: 100 },
    )
    .toMatch(/^(done|cancelled|failed)$/);
  if (drawing === undefined) throw new Error('there is no such drawing');
  return drawing;
}

test('two adapters draw on the base that they name, into the gallery', async () => {
  second = (await studio.ask('adapters.list', {})).find(({ run }) => run === undefined)?.id ?? '';
  const request = {
    adapters: [
      { id: ofRun, strength: 1 },
      { id: second, strength: 0.5 },
    ],
    settings: { ...quick, count: 2 },
  };
  drawn = await ended((await studio.ask('drawings.start', request)).id);
  expect(drawn).toMatchObject({ state: 'done', done: 2, progress: 1 });
  const { entries, total } = await studio.ask('gallery.list', { count: 10 });
  expect(total).toBe(2);
  expect(entries.map(({ picture }) => picture)).toEqual(drawn.pictures.toReversed());
  const [run] = await studio.ask('runs.list', {});
  expect(entries[0]).toMatchObject({
    ...{ prompt: 'a sks teapot', seed: 8, base: 'pocket', run: run?.id, isStarred: false },
    adapters: [
      { name: 'teapot', strength: 1 },
      { name: 'second', strength: 0.5 },
    ],
  });
});

test('a drawing is one of one picture: the same settings give the same pixels again', async () => {
  const [first = ''] = drawn.pictures;
  const { from, request, notes } = await studio.ask('gallery.settings', { picture: first });
  expect({ from, notes }).toEqual({ from: 'krona', notes: [] });
  expect(request?.adapters).toEqual(drawn.request.adapters);
  expect(request?.settings).toMatchObject({ prompt: 'a sks teapot', steps: 2, seed: 7, count: 1 });
  if (request === undefined) throw new Error('there are no settings');
  const { pictures } = await ended((await studio.ask('drawings.start', request)).id);
  const [picture = ''] = pictures;
  const bytes = (id: string) =>
    readFileSync(join(studio.work, 'pictures', id.split('~').at(-1) ?? ''));
  const again = await decodeImage(bytes(picture), 'again');
  expect(again).toEqual(await decodeImage(bytes(first), 'first'));
});

test('what is cancelled keeps the pictures that are there', async () => {
  const { id } = await studio.ask('drawings.start', {
    adapters: [],
    settings: { ...quick, prompt: 'a dog', count: 500 },
  });
  const waiting = await studio.ask('drawings.start', { adapters: [], settings: quick });
  await studio.ask('drawings.cancel', { id: waiting.id });
  await expect
    .poll(
      async () => (await studio.ask('drawings.list', {})).find((each) => each.id === id)?.done,
      { timeout: 120_000, interval: 20 },
    )
    .toBeGreaterThan(0);
  await studio.ask('drawings.cancel', { id });
  const drawing = await ended(id);
  expect(drawing.state).toBe('cancelled');
  expect(drawing.done).toBeGreaterThan(0);
  expect(drawing.done).toBeLessThan(500);
  const { entries } = await studio.ask('gallery.list', { text: 'A DOG', count: 500 });
  expect(entries.map(({ picture }) => picture)).toEqual(drawing.pictures.toReversed());
  expect(await ended(waiting.id)).toMatchObject({ state: 'cancelled', done: 0 });
});

test('stars stay, removed pictures are gone with theirs', async () => {
  const [first = '', other = ''] = drawn.pictures;
  await Promise.all(
    drawn.pictures.map((picture) => studio.ask('gallery.star', { picture, isStarred: true })),
  );
  const starred = async () =>
    (await studio.ask('gallery.list', { starred: true, count: 10 })).entries.map(
      ({ picture }) => picture,
    );
  expect(await starred()).toEqual([other, first]);
  await studio.ask('gallery.remove', { picture: first });
  expect(await starred()).toEqual([other]);
  await expect(studio.ask('gallery.remove', { picture: first })).rejects.toThrow(/no picture/);
});

test('a drawing that does not say how many pictures it has is of as many as are drawn', async () => {
  const settings = { prompt: ['a dog', 'a ship'], steps: 2 };
  const { id, total } = await studio.ask('drawings.start', { adapters: [], settings });
  await studio.ask('drawings.cancel', { id });
  expect(total).toBe(8);
});

test('a drawing whose file cannot be taken away keeps none behind it from being drawn', async () => {
  await using own = await startStudio();
  const line = join(own.work, 'drawings');
  const start = async () =>
    await own.ask('drawings.start', {
      adapters: [],
      settings: { ...quick, prompt: 'a dog', count: 2 },
    });
  const states = async () => (await own.ask('drawings.list', {})).map(({ state }) => state);
  await start();
  renameSync(line, `${line}-elsewhere`);
  writeFileSync(line, 'a file where the folder was');
  await expect.poll(states, { timeout: 120_000 }).toEqual(['failed']);
  rmSync(line);
  await start();
  await expect.poll(states, { timeout: 120_000 }).toEqual(['done', 'failed']);
});

test('what waits when the server ends is drawn by the next one; what was half done says so, what was cancelled is gone', async () => {
  const start = async (prompt: string, count: number) =>
    (await studio.ask('drawings.start', { adapters: [], settings: { ...quick, prompt, count } }))
      .id;
  const half = await start('a robot', 500);
  const waiting = [await start('a ship', 1), await start('a castle', 1)];
  await studio.ask('drawings.cancel', { id: await start('a ghost', 1) });
  const stateOf = async (id: string) =>
    (await studio.ask('drawings.list', {})).find((each) => each.id === id);
  await expect
    .poll(async () => (await stateOf(half))?.done, { timeout: 120_000, interval: 20 })
    .toBeGreaterThan(0);
  const { work } = studio;
  await studio[Symbol.asyncDispose]();
  // Another Studio has the device.
  const lanes = new Lanes(work);
  await lanes.take('cpu', 'training');
  studio = await startStudio({ work, keepWork: true });
  const drawings = await studio.ask('drawings.list', {});
  expect(drawings.map(({ id }) => id)).toEqual([...waiting.toReversed(), half]);
  const failed = await stateOf(half);
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'DRAWING_INTERRUPTED' } });
  const { entries } = await studio.ask('gallery.list', { text: 'a robot', count: 500 });
  expect(entries.map(({ picture }) => picture)).toEqual(failed?.pictures.toReversed());
  await expect
    .poll(async () => (await stateOf(waiting[0] ?? ''))?.waitsFor)
    .toEqual({ name: undefined });
  await lanes[Symbol.asyncDispose]();
  for (const id of waiting) expect(await ended(id)).toMatchObject({ state: 'done', done: 1 });
  await expect.poll(() => readdirSync(join(work, 'drawings'))).toEqual([]);
});

test.each([
  ['PATH_FROM_PAGE', { settings: { ...quick, prompts: '/etc/passwd' } }],
  ['PATH_FROM_PAGE', { settings: { ...quick, adapter: ['/etc/passwd'] } }],
  ['PATH_FROM_PAGE', { settings: { ...quick, out: 'elsewhere' } }],
  ['PATH_FROM_PAGE', { settings: { ...quick, refiner: './models/own' } }],
  ['PATH_FROM_PAGE', { settings: quick, base: './models/own' }],
  // Names of the hub by their form, and a folder and a file where the server runs.
  ['PATH_FROM_PAGE', { settings: quick, base: 'models/pocket' }],
  ['PATH_FROM_PAGE', { settings: quick, base: 'nobody/nothing.safetensors' }],
  ['PATH_FROM_PAGE', { settings: { ...quick, refiner: 'models/pocket' } }],
  ['NOT_HERE', { settings: quick, adapters: [{ id: 'nothing-00000000', strength: 1 }] }],
  ['NOT_HERE', { settings: quick, initImage: 'drawn~~../stars.json' }],
  ['UNKNOWN_SETTING', { settings: { ...quick, promt: 'a dog' } }],
  ['INVALID_SETTING', { settings: { ...quick, steps: 0 } }],
  ['PROMPT_MISSING', { settings: { ...quick, prompt: '  ' } }],
  ['INPUT_INVALID', { settings: quick, mask: '' }],
])('%s: %j is refused at once', async (code, request) => {
  const before = (await studio.ask('drawings.list', {})).length;
  await expect(studio.ask('drawings.start', { adapters: [], ...request })).rejects.toMatchObject({
    code,
  });
  expect(await studio.ask('drawings.list', {})).toHaveLength(before);
});
