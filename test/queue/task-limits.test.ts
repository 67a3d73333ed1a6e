/** @file Tasks that anyone may have written into a queue: what is out of bounds is refused before anything is done. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requireTask } from '../../src/experiments/queue/queued-task.ts';
import { folderStore } from '../../src/experiments/store/folder-store.ts';
import { trainingFolder } from '../../src/experiments/sweep/spec/subject-pictures.ts';
import { runTask } from '../../src/experiments/sweep/work/run-task.ts';
import { Workbench } from '../../src/experiments/sweep/work/workbench.ts';
import type { Task } from '../../src/experiments/sweep/work/worker-protocol.ts';

const scoring = {
  key: 'score',
  settings: { steps: 2 },
  seeds: [0],
  prompts: [{ typed: 'a sks cat', plain: 'a cat' }],
  unrelated: [],
};
const subject = {
  benchmark: 'pocket',
  name: 'cat',
  className: 'cat',
  type: 'live',
  phrase: 'sks cat',
  fingerprint: '0',
} as const;
const task: Task = {
  key: 'score',
  title: 'a task',
  base: 'pocket',
  subject,
  training: { key: 'training', settings: { steps: 1, seed: 0 } },
  scorings: [scoring],
};
const training = (more: object) => ({ ...task, training: { ...task.training, ...more } });
const drawing = (more: object) => ({ ...task, scorings: [{ ...scoring, ...more }] });

test('a sound task is taken', () => {
  expect(requireTask({ task })).toEqual(task);
});

test.each([
  ['a seed that is no whole number', drawing({ seeds: [1e308] })],
  ['a seed below zero', drawing({ seeds: [-1] })],
  ['no seed', drawing({ seeds: [] })],
  ['seeds beyond number', drawing({ seeds: Array(1001).fill(0) })],
  ['no prompt', drawing({ prompts: [] })],
  ['a prompt without end', drawing({ unrelated: ['a'.repeat(100_000)] })],
  ['nothing to score', { ...task, scorings: [] }],
  ['training pictures below zero', training({ shots: -1 })],
  ['half a training picture', training({ shots: 0.5 })],
  ['a subject that leads elsewhere', { ...task, subject: { ...subject, name: '../../../X' } }],
  ['pictures that lead elsewhere', { ...task, subject: { ...subject, fingerprint: '/../../X' } }],
])('%s is refused', (_what, given) => {
  expect(() => requireTask({ task: given })).toThrow(
    expect.objectContaining({ code: 'TASK_UNKNOWN' }),
  );
});

describe('a worker', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'krona-task-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function carryOut(given: Task): Promise<void> {
    await using workbench = new Workbench({ hub: {} });
    await runTask(given, {
      store: folderStore(join(folder, 'store')),
      work: join(folder, 'a/b/c/work'),
      workbench,
      worker: 'test',
      onProgress: () => {},
      signal: new AbortController().signal,
      now: () => 0,
    });
  }

  test.each([
    ['a batch of millions', training({ settings: { batchSize: 4_000_000 } })],
    ['a setting that is none', training({ settings: { novelty: 1 } })],
    ['a folder of its own', training({ settings: { out: '../../../X' } })],
    ['a file of the machine', training({ settings: { init: '/etc/passwd' } })],
    ['pictures of the machine', training({ settings: { priorImages: '/etc' } })],
    ['drawing steps that are no number', drawing({ settings: { steps: 'many' } })],
    ['an adapter of its own', drawing({ settings: { adapter: [{ file: '/etc/passwd' }] } })],
  ])('refuses %s before anything is done', async (_what, given) => {
    await expect(carryOut(given as Task)).rejects.toMatchObject({ code: 'TASK_SETTING' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('makes no folder beside its own for a subject of a benchmark file', async () => {
    const benchmark = join(folder, 'benchmark.json');
    const images = resolve('models/pocket/subjects/cat');
    const listed = [{ name: '../../../X', class: 'cat', subject: 'sks cat', images }];
    await writeFile(benchmark, JSON.stringify(listed));
    const given = { ...task, subject: { ...subject, benchmark, name: '../../../X' } };
    await expect(carryOut(given)).rejects.toMatchObject({ code: 'SUBJECTS_FILE' });
    const local = { ...subject, images: [join(images, '00.png')] };
    // What makes the folder asks again, whoever read the name.
    await expect(
      trainingFolder(local, given.subject, { shots: 1, work: join(folder, 'a/b/c/work') }),
    ).rejects.toMatchObject({ code: 'NAME_NOT_A_PATH' });
    expect(await readdir(folder)).toEqual(['benchmark.json']);
    expect(existsSync(join(folder, '../X'))).toBe(false);
  });
});
