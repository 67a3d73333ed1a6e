/** @file The queue with real trainings of the bundled model: in order, over a server's end, and after a kill. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../src/studio/interface/job-operations.ts';
import { quickPocket } from '../train/quick-pocket.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
/** That draws in few steps. */
let base = '';
beforeAll(async () => {
  const work = mkdtempSync(join(tmpdir(), 'krona-studio-'));
  cpSync(await quickPocket(), join(work, 'models', 'quick'), { recursive: true });
  studio = await startStudio({ work, keepWork: true });
  base = (await studio.ask('bases.list', {})).find(({ isFound }) => isFound)?.name ?? '';
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  rmSync(studio.work, { recursive: true, force: true });
});

const settings = { subject: 'sks teapot', seed: 1, batchSize: 1, checkpointEvery: 2 };

function train(
  steps: number,
  more: Readonly<Record<string, unknown>> = {},
  thenDraw: readonly string[] = [],
) {
  const dataset = 'pocket-teapot';
  return studio.ask('jobs.add', {
    // Unless it is about them, a training draws no pictures afterwards.
    ...{ kind: 'train', dataset, thenDraw },
    settings: { ...settings, base, steps, ...more },
  });
}

async function jobWhen(id: string, isSo: (job: Job) => boolean | Promise<boolean>): Promise<Job> {
  for (;;) {
    const job = (await studio.ask('jobs.list', {})).find((each) => each.id === id);
    if (job !== undefined && (await isSo(job))) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a job trains, and has made a step after one. */
const isPast =
  (step: number) =>
  async ({ state, run }: Job) => {
    if (state !== 'running' || run === undefined) return false;
    const look = await studio.ask('runs.get', { id: run });
    return look.state.state === 'running' && look.state.step > step;
  };

test('two jobs, the server ended and started again in between: in order, one at a time, to the end', async () => {
  const first = await train(4, { sampleEvery: 4, samplePrompt: ['a {subject}'] });
  const second = await train(3);
  expect(first).toMatchObject({
    state: 'waiting',
    title: 'teapot, krona, 4 steps',
  });
  // Between the two it is nobody's to go on with.
  await jobWhen(first.id, ({ state }) => state !== 'waiting');
  expect((await studio.ask('jobs.list', {})).map(({ state }) => state)).toEqual([
    'running',
    'waiting',
  ]);
  const { work } = studio;
  await studio[Symbol.asyncDispose]();
  studio = await startStudio({ work, keepWork: true });
  const { run = '' } = await jobWhen(first.id, ({ state }) => state === 'done');
  const detail = await studio.ask('runs.get', { id: run });
  expect(detail).toMatchObject({
    name: 'teapot',
    subject: 'sks teapot',
    state: { state: 'finished', step: 4 },
    checkpoints: [2, 4],
  });
  expect(detail.samples.map(({ step, prompt }) => [step, prompt])).toEqual([
    [0, 'a sks teapot'],
    [4, 'a sks teapot'],
  ]);
  const curve = await studio.ask('runs.curve', { id: run, points: 100 });
  expect(curve.steps).toEqual([1, 2, 3, 4]);
  const thumbnail = await studio.fetch(`/pictures/${detail.thumbnail}?width=32`);
  expect(thumbnail.headers.get('content-type')).toBe('image/webp');
  const again = await studio.fetch(`/pictures/${detail.thumbnail}?width=32`, {
    headers: { 'if-none-match': thumbnail.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
  const other = await jobWhen(second.id, ({ state }) => state === 'done');
  expect(await studio.ask('runs.get', { id: other.run ?? '' })).toMatchObject({ name: 'teapot-2' });
});

test('a run that is stopped is held, goes on when asked, and is removed when its process is gone', async () => {
  const { id } = await train(2000, { checkpointEvery: 1000 });
  const { run = '' } = await jobWhen(id, isPast(0));
  await expect(studio.ask('runs.remove', { id: run })).rejects.toMatchObject({
    code: 'RUN_IN_USE',
  });
  await expect(studio.ask('jobs.remove', { id })).rejects.toMatchObject({ code: 'JOB_RUNNING' });
  const stopped = await studio.ask('runs.stop', { id: run });
  expect(stopped.state.state).toBe('paused');
  expect(stopped.resumeCommand).toContain('train --resume');
  await jobWhen(id, ({ state }) => state === 'held');
  await studio.ask('jobs.retry', { id });
  await jobWhen(id, isPast(stopped.state.step));
  const { state } = await studio.ask('runs.get', { id: run });
  if (state.state === 'running') process.kill(state.owner.pid, 'SIGKILL');
  const failed = await jobWhen(id, (job) => job.state !== 'running');
  expect(failed).toMatchObject({ state: 'failed', code: 'PROCESS_KILLED' });
  const after = await studio.ask('runs.get', { id: run });
  expect(after.state).toMatchObject({
    state: 'ended unexpectedly',
    checkpoint: expect.any(Number),
  });
  await studio.ask('runs.remove', { id: run });
  await expect(studio.ask('runs.get', { id: run })).rejects.toMatchObject({ code: 'NOT_HERE' });
  await studio.ask('jobs.remove', { id });
});

test('a job that has no run yet is ended where it is removed', async () => {
  const { id } = await train(2000);
  const { run } = await jobWhen(id, ({ state }) => state === 'running');
  expect(run).toBeUndefined();
  await studio.ask('jobs.remove', { id });
  const runs = await studio.ask('runs.list', {});
  expect(runs.filter(({ state }) => state.state === 'running')).toEqual([]);
  expect((await studio.ask('jobs.list', {})).some((job) => job.id === id)).toBe(false);
});

test('jobs are moved, keep their settings, and a refused training says why', async () => {
  const running = await train(2000);
  const { run = '' } = await jobWhen(running.id, isPast(0));
  const [a, b, c] = [await train(1), await train(1), await train(1, { device: 'cuda' })];
  await studio.ask('jobs.move', { id: b.id, before: a.id });
  await studio.ask('jobs.move', { id: a.id, before: null });
  const waiting = (await studio.ask('jobs.list', {})).filter(({ state }) => state === 'waiting');
  expect(waiting.map(({ id }) => id).filter((id) => id !== c.id)).toEqual([b.id, a.id]);
  const kept = JSON.parse(readFileSync(join(studio.work, 'queue', a.id, 'job.json'), 'utf8'));
  expect(kept.settings).toMatchObject({ ...settings, steps: 1 });
  // Another device is another lane, and this machine has none.
  expect(await jobWhen(c.id, ({ state }) => state === 'failed')).toMatchObject({
    code: 'DEVICE_UNAVAILABLE',
  });
  await studio.ask('jobs.remove', { id: a.id });
  await studio.ask('jobs.remove', { id: b.id });
  await studio.ask('runs.stop', { id: run });
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['a folder', { images: '/etc' }, 'PATH_FROM_PAGE'],
  ['a way out', { out: '../x' }, 'PATH_FROM_PAGE'],
  ['a base by its path', { base: '/etc/passwd' }, 'PATH_FROM_PAGE'],
  ['a base that is a folder where the server runs', { base: 'models/pocket' }, 'PATH_FROM_PAGE'],
  ['a setting that there is not', { stepz: 1 }, 'UNKNOWN_SETTING'],
  ['a value that is none', { steps: 'many' }, 'INVALID_SETTING'],
])('%s is refused before anything is written', async (_, more, code) => {
  const before = (await studio.ask('jobs.list', {})).length;
  await expect(train(1, more)).rejects.toMatchObject({ code });
  expect((await studio.ask('jobs.list', {})).length).toBe(before);
  expect(existsSync(join(studio.work, 'x'))).toBe(false);
});

test('a training that has finished draws four pictures by itself, once', async () => {
  const { id } = await train(2, {}, ['a {subject}', 'a {subject} in the snow']);
  const { run = '' } = await jobWhen(id, ({ state }) => state === 'done');
  const pictures = async () => (await studio.ask('gallery.list', { run, count: 10 })).entries;
  await expect.poll(async () => (await pictures()).length, { timeout: 120_000 }).toBe(4);
  expect((await pictures()).map(({ prompt }) => prompt).sort()).toEqual([
    ...['a sks teapot', 'a sks teapot'],
    ...['a sks teapot in the snow', 'a sks teapot in the snow'],
  ]);
  const { work } = studio;
  await studio[Symbol.asyncDispose]();
  studio = await startStudio({ work, keepWork: true });
  await jobWhen(id, ({ state }) => state === 'done');
  expect(await studio.ask('drawings.list', {})).toEqual([]);
});

test('a run that somebody else made under the name of a waiting job is not gone on with', async () => {
  const before = await train(8);
  const waiting = await train(2, { seed: 2 });
  const file = join(studio.work, 'queue', waiting.id, 'job.json');
  const { run } = JSON.parse(readFileSync(file, 'utf8'));
  const [finished = ''] = readdirSync(join(studio.work, 'runs'));
  const others = join(studio.work, run);
  cpSync(join(studio.work, 'runs', finished), others, { recursive: true });
  const events = readFileSync(join(others, 'events.jsonl'), 'utf8');
  await jobWhen(before.id, ({ state }) => state === 'done');
  const isOver = ({ state }: Job) => state !== 'waiting' && state !== 'running';
  const refused = { state: 'failed', code: 'RUN_EXISTS' };
  expect(await jobWhen(waiting.id, isOver)).toMatchObject(refused);
  await studio.ask('jobs.retry', { id: waiting.id });
  expect(await jobWhen(waiting.id, isOver)).toMatchObject(refused);
  expect(readFileSync(join(others, 'events.jsonl'), 'utf8')).toBe(events);
});
