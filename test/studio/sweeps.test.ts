/** @file Sweeps over the real server: what a page may give, and what is kept, told and shown of one that runs. */
import { mkdirSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SweepSummary } from '../../src/studio/interface/experiment-operations.ts';
import { Lanes } from '../../src/studio/queue/lanes.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

const small = `title: Which rank?
subjects: [teapot]
prompts: [2]
train: { adapter: lora, steps: 2, batchSize: 1 }
draw: { count: 1, steps: 2 }
drift: false
vary: { adapter.rank: [1, 2] }
`;

describe('sweeps', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(() => studio?.[Symbol.asyncDispose]());

  const check = (source: string) => studio.ask('sweeps.check', { source });

  test('a file is counted as one types', async () => {
    const { problems, plan } = await check(small);
    expect(problems).toEqual([]);
    expect(plan).toMatchObject({ tasks: 2, trainings: 2, steps: 4, pictures: 2 });
    expect(plan?.variants.map(({ name }) => name)).toEqual(['lora, rank 1', 'lora, rank 2']);
    expect(plan?.seconds).toBeGreaterThan(0);
    expect(plan?.diskBytes).toBeGreaterThan(0);
  });

  test.each([
    ['title: [', 1, /./],
    [`${small}stepz: 3\n`, 8, /"stepz"/],
    [small.replace('steps: 2, batch', 'stepz: 2, batch'), 4, /train\.stepz/],
    [small.replace('teapot', 'teapott'), 2, /teapott/],
    [small.replace('adapter.rank', 'adapter.rang'), 7, /rang/],
  ])('what is wrong is told with its line: %#', async (source, line, message) => {
    const { problems, plan } = await check(source);
    expect(plan).toBeUndefined();
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.message).not.toContain('/tmp');
  });

  test.each([
    ['extends: ../../secret.yaml', 'extends'],
    ['base: /etc/model', 'base'],
    ['base: ../model', 'base'],
    ['base: models/pocket', 'base'],
    ['dino: models/pocket', 'dino'],
    ['benchmark: /etc/subjects.json', 'benchmark'],
    ['benchmark: dreambench', 'benchmark'],
    ['benchmark: [{ images: ../../pictures, class: dog }]', 'benchmark'],
    ['benchmark: [{ images: "dataset:../../pictures", class: dog }]', 'data set'],
    ['clip: /etc/clip', 'clip'],
    ['cases: [{ name: other, pictures: /etc }]', 'pictures'],
  ])('a page names no files: %s', async (line, word) => {
    const source = `title: T\n${line}\n`;
    const { problems } = await check(source);
    expect(problems[0]?.message).toContain(word);
    await expect(studio.ask('sweeps.create', { source })).rejects.toThrow(word);
    expect(await studio.ask('sweeps.list', {})).toEqual([]);
  });

  test('subjects are data sets by their ids, bundled ones too', async () => {
    mkdirSync(join(studio.work, 'datasets', 'rex'), { recursive: true });
    const source = (more: string) =>
      small.replace('subjects: [teapot]', `benchmark: [{ images: "dataset:pocket-dog" }${more}]`);
    expect((await check(source(''))).plan).toMatchObject({ subjects: ['dog'], tasks: 2 });
    const unsaid = await check(source(', { images: "dataset:rex" }'));
    expect(unsaid.problems[0]?.message).toContain('`class`');
    // It has no pictures yet.
    const empty = await check(source(', { images: "dataset:rex", class: dog }'));
    expect(empty.problems[0]?.message).toContain('rex');
  });

  test('bundled sweeps have no problems', async () => {
    const bundled = await studio.ask('sweeps.bundled', {});
    expect(bundled.map(({ name }) => name)).toContain('fig7.pocket');
    const [first] = bundled;
    const { problems } = await check(first?.source ?? '');
    expect(problems).toEqual([]);
  });

  test('runs in processes of its own, outlives the server, and ends with its report', async () => {
    const created = await studio.ask('sweeps.create', { source: small });
    expect(created).toMatchObject({ id: 'which-rank', title: 'Which rank?', total: 0 });
    expect(created.state).toEqual({ state: 'new' });
    const { id } = created;
    // Another Studio of the machine computes on the device.
    const other = new Lanes(studio.work);
    await other.take('cpu', 'drawing');
    const start = () => studio.ask('sweeps.start', { id, workers: 1 });
    expect((await start()).state).toEqual({ state: 'waiting' });
    expect((await studio.ask('sweeps.get', { id })).waitsFor).toEqual({ name: undefined });
    expect((await studio.ask('sweeps.stop', { id })).state).toEqual({ state: 'new' });
    expect((await start()).state).toEqual({ state: 'waiting' });
    await other[Symbol.asyncDispose]();
    await until(studio, id, ({ state }) => state.state !== 'waiting');
    expect((await studio.ask('sweeps.get', { id })).state).toEqual({ state: 'running' });
    expect(await new Lanes(studio.work).take('cpu', 'drawing')).toBe(false);
    await expect(studio.ask('sweeps.start', { id, workers: 1 })).rejects.toMatchObject({
      code: 'SWEEP_IN_USE',
    });
    await expect(studio.ask('sweeps.remove', { id })).rejects.toMatchObject({
      code: 'SWEEP_IN_USE',
    });
    // Another server on the same folder knows as much.
    await using second = await startStudio({ work: studio.work, keepWork: true });
    await until(second, id, ({ done }) => done >= 1);
    const stopped = await second.ask('sweeps.stop', { id });
    expect(['stopped', 'finished']).toContain(stopped.state.state);
    await studio.ask('sweeps.start', { id, workers: 1 });
    const ended = await until(studio, id, ({ state }) => state.state !== 'running');
    expect(ended).toMatchObject({ state: { state: 'finished' }, done: 2, total: 2, failed: 0 });
    expect((await studio.ask('sweeps.report', { id })).hasReport).toBe(true);
    const detail = await studio.ask('sweeps.get', { id });
    expect(detail.source).toBe(small);
    expect(detail.tasks.map(({ state }) => state)).toEqual(['done', 'done']);
    const page = await readFile(join(studio.work, 'sweeps', id, 'report', 'index.html'), 'utf8');
    expect(page).toContain('Which rank?');
  });

  test('killed at any moment, it ended unexpectedly, and what was done is done', async () => {
    const folder = (id: string) => join(studio.work, 'sweeps', id);
    // As they were written: begun twice, the first time told to stop.
    const lines = (await readFile(join(folder('which-rank'), 'events.jsonl'), 'utf8')).split('\n');
    const types = lines.slice(0, -1).map((line): string => JSON.parse(line).type ?? 'error');
    const second = types.lastIndexOf('started');
    const end = types.lastIndexOf('collected');
    expect(second).toBeGreaterThan(0);
    expect(end).toBeGreaterThan(second);
    const cut = 'cut-short';
    for (const [n, type] of types.entries()) {
      if (n < second) continue;
      await cp(folder('which-rank'), folder(cut), { recursive: true });
      await writeFile(join(folder(cut), 'events.jsonl'), `${lines.slice(0, n + 1).join('\n')}\n`);
      const { state, done, tasks } = await studio.ask('sweeps.get', { id: cut });
      expect([type, state]).toEqual([type, { state: n < end ? 'ended unexpectedly' : 'finished' }]);
      expect(tasks.filter((task) => task.state === 'running')).toEqual([]);
      if (n === end - 1) expect(done).toBe(2);
      await rm(folder(cut), { recursive: true });
    }
  });

  test('killed before it is there, it says so', async () => {
    const { id } = await studio.ask('sweeps.create', { source: small });
    const begun = join(studio.work, 'sweeps', id, 'begun.json');
    const started = studio.ask('sweeps.start', { id, workers: 1 });
    const pidOf = async (): Promise<number | undefined> =>
      JSON.parse(await readFile(begun, 'utf8').catch(() => '{}')).process?.pid;
    await expect.poll(pidOf, { interval: 5 }).toBeDefined();
    // There, and not yet listening: running all the same.
    expect((await studio.ask('sweeps.get', { id })).state).toEqual({ state: 'running' });
    process.kill((await pidOf()) ?? 0, 'SIGKILL');
    expect((await started).state).toEqual({ state: 'ended unexpectedly' });
  });

  test('a report that cannot be written says so; written, it no longer does', async () => {
    const id = 'which-rank';
    const page = join(studio.work, 'sweeps', id, 'report', 'index.html');
    const report = await readFile(page);
    await writeFile(page, 'a letter');
    await expect(studio.ask('sweeps.report', { id })).rejects.toMatchObject({ code: 'OUT_EXISTS' });
    const problem = async () => (await studio.ask('sweeps.get', { id })).reportProblem;
    expect(await problem()).toContain('is no report');
    await writeFile(page, report);
    await studio.ask('sweeps.report', { id });
    expect(await problem()).toBeUndefined();
    for (const sweep of await studio.ask('sweeps.list', {})) {
      await studio.ask('sweeps.remove', { id: sweep.id });
    }
    expect(await studio.ask('sweeps.list', {})).toEqual([]);
    expect(studio.log).toEqual([]);
  });
});

/** Looks until a sweep is as it should be. */
async function until(
  studio: TestStudio,
  id: string,
  isReached: (sweep: SweepSummary) => boolean,
): Promise<SweepSummary> {
  for (;;) {
    const sweep = await studio.ask('sweeps.get', { id });
    if (isReached(sweep)) return sweep;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
