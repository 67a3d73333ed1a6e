/** @file A task carried out in this process: what it leaves, that it is done once, and that evaluating finds the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateRun } from '../../src/experiments/evaluate/evaluate-run.ts';
import { folderStore } from '../../src/experiments/store/folder-store.ts';
import { planSweep } from '../../src/experiments/sweep/plan/plan-sweep.ts';
import { findResult } from '../../src/experiments/sweep/run/results-in-store.ts';
import { readSpec } from '../../src/experiments/sweep/spec/read-spec.ts';
import { runTask } from '../../src/experiments/sweep/work/run-task.ts';
import { type TaskHost, Workbench } from '../../src/experiments/sweep/work/workbench.ts';
import type { Task, TaskProgress } from '../../src/experiments/sweep/work/worker-protocol.ts';
import { meansByPrompt } from '../../src/metrics/summary.ts';

const template = 'a {} in the snow';
let folder = '';
let task: Task;
const workbench = new Workbench({ hub: {} });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-run-task-'));
  const path = join(folder, 'small.json');
  const spec = {
    ...{ title: 'small', subjects: ['teapot'], prompts: [template] },
    train: { adapter: 'krona', adapterOptions: { a1: 4, a2: 8 }, steps: 2, batchSize: 1 },
    draw: { steps: 1, count: 2 },
  };
  await writeFile(path, JSON.stringify(spec));
  const { tasks } = await planSweep(await readSpec(path), { hub: {} });
  expect(tasks).toHaveLength(1);
  [task] = tasks as [Task];
});
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const store = () => folderStore(join(folder, 'store'));

async function carryOut(given: Task, more: Partial<TaskHost> = {}): Promise<readonly string[]> {
  const stages: TaskProgress['stage'][] = [];
  await runTask(given, {
    ...{ store: store(), work: join(folder, 'work'), workbench, worker: 'test' },
    onProgress: ({ stage }) => stages.push(stage),
    signal: new AbortController().signal,
    now: () => 0,
    ...more,
  });
  return [...new Set(stages)];
}

test('refuses other pictures than those it was planned with, before anything is trained', async () => {
  const { subject } = task;
  const other = { ...task, subject: { ...subject, fingerprint: 'f'.repeat(16) } };
  await expect(carryOut(other)).rejects.toMatchObject({ code: 'SUBJECT_DIFFERS' });
  expect(await readdir(folder)).toEqual(['small.json']);
});

test('stopped while it trains, it leaves no result', async () => {
  const stopping = new AbortController();
  const stop = { signal: stopping.signal, onProgress: () => stopping.abort(new Error('enough')) };
  await expect(carryOut(task, stop)).rejects.toThrow('enough');
  expect(await findResult(store(), task.key)).toBeUndefined();
});

test('goes on, and finds what an evaluation of its run finds', async () => {
  expect(await carryOut(task)).toEqual(['training', 'drawing', 'scoring']);
  const result = await findResult(store(), task.key);
  if (result === undefined) throw new Error('no result');
  expect(result.cost).toMatchObject({ worker: 'test', device: 'cpu', pictures: 2 });
  expect(await readdir(join(folder, 'store', 'pictures'))).toEqual([`${task.key}.webp`]);

  const prompts = join(folder, 'prompts.txt');
  await writeFile(prompts, `${template}\n`);
  const run = join(folder, 'work', 'trainings', String(task.training?.key));
  const options = { prompts, count: 2, steps: 1 };
  const { evaluation } = await evaluateRun(run, options, { now: () => 0 });
  expect(evaluation.encoders).toEqual(result.encoders);
  expect(evaluation.drawing).toMatchObject(result.settings.draw ?? {});
  expect(evaluation.real[0]).toMatchObject({ subject: 'sks teapot' });
  // A task keeps six decimals.
  const near = (value: number | undefined) => expect.closeTo(value ?? Number.NaN, 5);
  const [means] = meansByPrompt(evaluation);
  const [row] = result.prompts;
  expect(row?.prompt).toBe('a sks teapot in the snow');
  expect(row?.scores).toEqual({
    ...{ clipI: near(means?.clipI), clipT: near(means?.clipT), dino: near(means?.dino) },
    ...{ clipTTyped: near(means?.clipTTyped), clipTScene: near(means?.clipTScene) },
    ...{ nearestClip: near(means?.nearestClip), nearestDino: near(means?.nearestDino) },
    diversityClip: near(means?.diversityClip),
    diversityDino: near(means?.diversityDino),
    ...{ contrast: near(means?.contrast), saturation: near(means?.saturation) },
    colourDistance: near(means?.colourDistance),
    highFrequency: near(means?.highFrequency),
  });
  expect(result.real).toEqual({
    clipI: near(evaluation.real[0]?.clipI),
    dino: near(evaluation.real[0]?.dino),
  });
  expect(result.drift).toHaveLength(8);
  expect(result.drift).toEqual(
    evaluation.drift.map(({ prompt, clip, dino }) => ({
      prompt,
      scores: { driftClip: near(clip), driftDino: near(dino) },
    })),
  );
});

test('done, it does nothing', async () => {
  expect(await carryOut(task)).toEqual([]);
});

test('another scoring of the same training draws without training', async () => {
  const scorings = task.scorings.map((scoring) => ({
    ...scoring,
    ...{ key: 'another', unrelated: [], seeds: [7] },
  }));
  expect(await carryOut({ ...task, key: 'another', scorings })).toEqual(['drawing', 'scoring']);
  const [first] = (await findResult(store(), 'another'))?.prompts ?? [];
  // Of one picture there is no diversity.
  expect(first?.scores).not.toHaveProperty('diversityDino');
});
