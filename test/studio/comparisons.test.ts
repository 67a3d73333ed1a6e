/** @file Comparisons over the real server, on the bundled model. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import type {
  Comparison,
  ComparisonRequest,
} from '../../src/studio/interface/comparison-operations.ts';
import type { RunDetail } from '../../src/studio/interface/run-operations.ts';
import { partsOfPictureId } from '../../src/studio/pictures/picture-id.ts';
import { adapterAtCheckpoint } from '../../src/train/adapter/checkpoint-adapter.ts';
import { workWithRun } from './short-run.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let work: string;
let studio: TestStudio;
let run: RunDetail;
let request: ComparisonRequest;

beforeAll(async () => {
  work = await workWithRun({ steps: 4, checkpointEvery: 2 });
  // The first step lies there as its adapter alone, the last one as its checkpoint alone, as earlier versions left it.
  const inRun = (room: string, step: number) =>
    join(work, 'runs', 'teapot', room, `step-00000${step}.safetensors`);
  rmSync(inRun('checkpoints', 2));
  rmSync(inRun('adapters', 4));
  studio = await startStudio({ work, keepWork: true });
  const [first] = await studio.ask('runs.list', {});
  run = await studio.ask('runs.get', { id: first?.id ?? '' });
  request = {
    x: { name: 'checkpoint', values: [0, 2, 3, 4] },
    y: { name: 'seed', values: [1, 2] },
    run: run.id,
    shared: { adapters: [], settings: { prompt: 'a {subject}', steps: 2 } },
  };
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
  rmSync(work, { recursive: true, force: true });
});

async function drawn(asked: ComparisonRequest): Promise<Comparison> {
  await studio.ask('comparisons.draw', { request: asked });
  let comparison: Comparison | undefined;
  await expect
    .poll(
      async () => {
        comparison = await studio.ask('comparisons.get', { request: asked });
        return comparison.isDrawing;
      },
      { timeout: 120_000, interval: 100 },
    )
    .toBe(false);
  if (comparison === undefined) throw new Error('there is no comparison');
  return comparison;
}

const cellFiles = () =>
  readdirSync(join(work, 'comparisons')).filter((name) => name.endsWith('.png'));
const pathOf = (picture: string | undefined) =>
  join(work, 'comparisons', partsOfPictureId(picture ?? '')?.name ?? '');
const pixels = async (picture: string | undefined) =>
  decodeImage(readFileSync(pathOf(picture)), 'a cell');

test('steps of a run are drawn with the adapter that it had there; what is not kept is said', async () => {
  expect(run.checkpoints).toEqual([2, 4]);
  const before = await studio.ask('comparisons.get', { request });
  expect(before).toMatchObject({ drawn: 0, toDraw: 6, isDrawing: false });
  expect(before.cells[0]?.[0]?.[2]?.problem).toBe('teapot keeps no checkpoint of step 3');
  const { cells, toDraw, drawn: there } = await drawn(request);
  expect({ toDraw, there }).toEqual({ toDraw: 0, there: 6 });
  expect(cellFiles()).toHaveLength(6);
  const row = cells[0]?.[0]?.map(({ picture }) => picture) ?? [];
  const [without, middle, , end] = await Promise.all([0, 1, 0, 3].map((i) => pixels(row[i])));
  expect(middle).not.toEqual(without);
  expect(end).not.toEqual(middle);
  // The kept state of the last step, made an adapter, draws what the adapter draws.
  const kept = { ...request, x: { name: 'seed', values: [1] }, y: { name: 'steps', values: [2] } };
  const { run: _, ...withoutRun } = kept;
  const adapters = [{ id: `${run.id}@4`, strength: 1 }];
  const { cells: again } = await drawn({
    ...withoutRun,
    shared: { adapters, settings: request.shared.settings },
  });
  expect(await pixels(again[0]?.[0]?.[0]?.picture)).toEqual(end);
});

test('the kept state of the last step makes the file that the run wrote', async () => {
  const folder = join(work, 'runs', 'teapot');
  const made = await adapterAtCheckpoint({ run: folder, step: 4 });
  expect(Buffer.compare(made, readFileSync(join(folder, 'adapter.safetensors')))).toBe(0);
});

test('nothing is drawn twice, whatever the axes are called and after a restart', async () => {
  const count = cellFiles().length;
  await studio[Symbol.asyncDispose]();
  studio = await startStudio({ work, keepWork: true });
  const turned = { ...request, x: request.y, y: request.x };
  const comparison = await studio.ask('comparisons.draw', { request: turned });
  expect(comparison).toMatchObject({ toDraw: 0, isDrawing: false });
  expect(cellFiles()).toHaveLength(count);
});

test('three axes; what is cancelled keeps its cells', async () => {
  const large: ComparisonRequest = {
    x: { name: 'seed', values: Array.from({ length: 40 }, (_, i) => 100 + i) },
    y: { name: 'guidance', values: [1, 4] },
    z: { name: 'prompt', values: ['a dog', 'a robot'] },
    shared: { adapters: [], settings: { steps: 2 } },
  };
  await studio.ask('comparisons.draw', { request: large });
  expect(await studio.ask('comparisons.list', {})).toMatchObject([{ request: large, total: 160 }]);
  await expect
    .poll(async () => (await studio.ask('comparisons.get', { request: large })).drawn, {
      timeout: 120_000,
      interval: 20,
    })
    .toBeGreaterThan(0);
  const after = await studio.ask('comparisons.cancel', { request: large });
  expect(after.isDrawing).toBe(false);
  expect(await studio.ask('comparisons.list', {})).toEqual([]);
  expect(after.drawn).toBeGreaterThan(0);
  expect(after.toDraw).toBeGreaterThan(0);
  expect(after.cells.map((layer) => layer.map((row) => row.length))).toEqual([
    [40, 40],
    [40, 40],
  ]);
  expect(await studio.ask('comparisons.get', { request: large })).toMatchObject({
    drawn: after.drawn,
  });
});

test('a sheet, and a page with its pictures inside', async () => {
  const png = await studio.ask('comparisons.sheet', { request, form: 'png' });
  const file = readFileSync(join(work, 'downloads', png.download, png.name));
  expect(file.length).toBe(png.bytes);
  const { width, height } = await decodeImage(file, 'the sheet');
  // Pictures of 64 pixels stand in squares of 128.
  expect(width).toBeGreaterThan(4 * 128);
  expect(height).toBeGreaterThan(2 * 128);
  const html = await studio.ask('comparisons.sheet', { request, form: 'html' });
  const page = readFileSync(join(work, 'downloads', html.download, html.name), 'utf8');
  expect(page.match(/<img [^>]*src="data:image\/png;base64,/g)).toHaveLength(6);
  expect(page).not.toMatch(/<script|https?:|src="(?!data:)/);
  expect(page).toContain('<th scope="col">step 2</th>');
});

test.each<[string, string, Partial<ComparisonRequest>]>([
  ['AXIS_UNKNOWN', 'a file', { x: { name: 'out', values: ['a'] } }],
  ['AXIS_UNKNOWN', 'nothing known', { x: { name: '__proto__', values: ['a'] } }],
  ['AXIS_TWICE', 'one axis twice', { x: { name: 'seed', values: [1] } }],
  ['AXIS_VALUES', 'a run that is a number', { x: { name: 'run', values: [1] } }],
  ['AXIS_VALUES', 'half a step', { x: { name: 'checkpoint', values: [0.5] } }],
  ['INVALID_SETTING', 'no steps', { x: { name: 'steps', values: [0] } }],
  ['NOT_HERE', 'a run that is gone', { run: 'gone-00000000' }],
  ['TOO_MANY_CELLS', 'too much', { x: { name: 'steps', values: Array(201).fill(2) } }],
  ['PATH_FROM_PAGE', 'a path', { shared: { adapters: [], settings: { prompt: 'a', out: 'b' } } }],
  [
    'PATH_FROM_PAGE',
    'a base that is a folder where the server runs',
    { shared: { adapters: [], settings: { prompt: 'a' }, base: 'models/pocket' } },
  ],
  ['PROMPT_MISSING', 'no prompt', { shared: { adapters: [], settings: {} } }],
  ['INPUT_INVALID', 'an axis without values', { x: { name: 'steps', values: [] } }],
])('%s: %s is refused', async (code, _, change) => {
  const asked = { request: { ...request, ...change } };
  await expect(studio.ask('comparisons.get', asked)).rejects.toMatchObject({ code });
  await expect(studio.ask('comparisons.draw', asked)).rejects.toMatchObject({ code });
});

test('what can be made again is counted, and removed by its kind; nothing else goes with it', async () => {
  writeFileSync(join(work, 'comparisons', 'notes.txt'), 'mine');
  const before = await studio.ask('storage.get', {});
  const sizes = cellFiles().map((name) => statSync(join(work, 'comparisons', name)).size);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(before.comparisons).toEqual({ count: sizes.length, bytes });
  expect(before.downloads.count).toBe(2);
  const after = await studio.ask('storage.clear', { kind: 'comparisons' });
  expect(after).toEqual({ ...before, comparisons: { count: 0, bytes: 0 } });
  expect(readdirSync(join(work, 'comparisons'))).toEqual(['notes.txt']);
  expect(await studio.ask('comparisons.get', { request })).toMatchObject({ drawn: 0, toDraw: 6 });
  await studio.ask('storage.clear', { kind: 'downloads' });
  expect(readdirSync(join(work, 'downloads'))).toEqual([]);
});
