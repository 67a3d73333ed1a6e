/** @file A case of a sweep on a base of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { SweepEstimator } from '../../src/experiments/sweep/plan/estimate.ts';
import { outlineSweep, planSweep } from '../../src/experiments/sweep/plan/plan-sweep.ts';
import { readSpec } from '../../src/experiments/sweep/spec/read-spec.ts';
import { makeBlipFolder } from '../blip-folder.ts';
import { fixturePath } from '../fixtures.ts';
import { linkBase } from '../peers/linked-base.ts';

let folder: string;
let sweep: string;
let blip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-case-base-'));
  const base = join(folder, 'sd15');
  await linkBase(base, 'sd15', fixturePath(''));
  blip = await makeBlipFolder(join(folder, 'blip'));
  sweep = join(folder, 'mine.json');
  const images = join(pocketFolder(), 'subjects', 'teapot');
  const subjects = [
    { name: 'pot', class: 'teapot', subject: 'sks teapot', images, type: 'object' },
  ];
  await writeFile(join(folder, 'bench.json'), JSON.stringify(subjects));
  const settings = { adapter: 'lora', steps: 1, resolution: 32 };
  await writeFile(
    sweep,
    JSON.stringify({
      ...{
        title: 'mine',
        base,
        benchmark: 'bench.json',
        prompts: ['a {}'],
        train: settings,
        drift: false,
      },
      ...{ draw: { count: 1, steps: 1, width: 32, height: 32 } },
      ...{ clip: fixturePath('clip-model'), dino: fixturePath('vit-dino') },
      cases: [
        { name: 'base model', adapted: false },
        { name: 'DreamBooth', train: { adapter: 'dreambooth' } },
        { name: 'BLIP-Diffusion', base: blip, train: { adapter: 'blip-diffusion' } },
        { name: 'as it is', base: blip, adapted: false },
      ],
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a case with a base of its own', () => {
  test('is trained and drawn with that, under keys of its own', async () => {
    const { tasks, variants, cells } = await planSweep(await readSpec(sweep), { hub: {} });
    const own = tasks.map(({ base }) => base === blip);
    expect(own).toEqual([false, false, true, true]);
    expect(new Set(cells.map(({ key }) => key)).size).toBe(4);
    // The same UNet, and the word besides: four vectors of 48.
    const [, dreambooth = 0, tuned = 0] = variants.map(({ parameters }) => parameters ?? 0);
    expect(tuned - dreambooth).toBe(4 * 48);
    const [, , task] = tasks;
    expect(task?.training?.settings).toMatchObject({
      wordFrom: 'pictures',
      batchSize: 3,
      steps: 1,
    });
    // What the base recommends of drawing.
    expect(task?.scorings[0]?.settings).toMatchObject({ promptRepeats: 20 });
    expect(tasks[1]?.scorings[0]?.settings).not.toHaveProperty('promptRepeats', 20);
  });

  test('counts in what the sweep would take', async () => {
    const outline = await outlineSweep(await readSpec(sweep), { hub: {} });
    const { weightsBytes } = new SweepEstimator(1e15).estimate(outline);
    expect([...outline.bases.keys()]).toEqual([join(folder, 'sd15'), blip]);
    const unets = [...outline.bases.values()].map(({ unet }) => unet.weights.totalBytes);
    expect(weightsBytes).toBeGreaterThan(unets.reduce((sum, bytes) => sum + bytes, 0));
  });
});
