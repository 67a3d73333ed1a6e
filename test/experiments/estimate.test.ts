/** @file What a plan says a sweep would take, against what loaded networks count. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SweepEstimator } from '../../src/experiments/sweep/plan/estimate.ts';
import { outlineSweep } from '../../src/experiments/sweep/plan/plan-sweep.ts';
import { readSpec } from '../../src/experiments/sweep/spec/read-spec.ts';
import { completeTraining } from '../../src/experiments/sweep/spec/variant-settings.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { Denoiser } from '../../src/pipeline/draw/denoiser.ts';
import { StepProgram } from '../../src/train/step-program.ts';
import { planTraining } from '../../src/train/training-plan.ts';
import { krona } from '../cli/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'estimate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const small = write('small.yaml', [
  'title: Small',
  'base: pocket',
  'benchmark: pocket',
  'subjects: [teapot, dog]',
  'prompts: 3',
  'drift: false',
  'train: { steps: 10 }',
  'draw: { count: 2, steps: 7, guidance: 4 }',
  'cases:',
  '  - { name: KronA, train: { adapter: krona } }',
  '  - { name: base, adapted: false, draw: { guidance: 1 } }',
]);

test('counts the operations that loaded networks would do', async () => {
  const outline = await outlineSweep(await readSpec(small), { hub: {} });
  const found = new SweepEstimator(1e12).estimate(outline);
  const base = await openBaseModel('pocket');
  const { config } = completeTraining({ train: {} }, base.recommendation, 0);
  await using step = await StepProgram.open(base, planTraining(config, base));
  const size = { width: config.resolution ?? 64, height: config.resolution ?? 64 };
  await using twice = await Denoiser.open(base, { size, batch: 1, guidance: { scale: 4 } });
  // Two trainings; 2 subjects x 3 prompts x 2 pictures with guidance, and as many without, at half the price.
  expect(found.trainingFlops / (2 * 10 * step.flops)).toBeCloseTo(1, 1);
  expect(found.drawingFlops / (12 * 7 * twice.flops * 1.5)).toBeCloseTo(1, 1);
  expect(found.tooLarge).toEqual([]);
});

test('names what the memory is too small for', async () => {
  const path = write('large.yaml', [
    'title: Large',
    'base: sd15',
    'benchmark: dreambench',
    'subjects: [dog]',
    'prompts: 1',
    'train: { resolution: 64 }',
    'cases:',
    '  - { name: LoRA, train: { adapter: lora } }',
    '  - { name: SVDiff, train: { adapter: svdiff } }',
    '  - { name: DreamBooth, train: { adapter: dreambooth } }',
  ]);
  const outline = await outlineSweep(await readSpec(path), { hub: {} });
  const found = new SweepEstimator(12e9).estimate(outline);
  // A value, its gradient and two moments of 860 million numbers in float32.
  expect(found.memoryBytes).toBeGreaterThan(4 * 4 * 859_520_964);
  // SVDiff holds the changed kernels of all convolutions from forward to backward, in float32.
  expect(found.tooLarge.map(({ variant }) => variant)).toEqual(['SVDiff', 'DreamBooth']);
});

test('the command ends its plan with them', async () => {
  const { code, out } = await krona(['sweep', small, '--plan']);
  expect(code).toBe(0);
  expect(out).toMatch(/\ntime +about .* on one machine like this: \S+ [A-Z]FLOP in steps/);
  expect(out).toMatch(/\nmemory +\d\S* .B for the largest training step; this machine has \d/);
  expect(out).toMatch(/\ndisk +\d.* at most for runs and pictures, besides \d.* of weights\n/);
  const { out: text } = await krona(['sweep', small, '--plan', '--json']);
  const { estimate, trainings } = JSON.parse(text);
  expect(trainings).toBe(2);
  expect(estimate.seconds).toBeGreaterThan(0);
});
