/** @file What a machine of some memory is told of a step: whether it fits, what would make it fit, how long a picture takes. */
import { expect, test } from 'vitest';
import { StepEstimator } from './estimated-step.ts';

const usual = { base: 'pocket', subject: 'sks teapot', batchSize: 1 };
const estimate = (available: number, more: Readonly<Record<string, unknown>>) =>
  new StepEstimator(() => performance.now(), available).estimate({ ...usual, ...more });

test('a step that fits has its memory and time, and so has a picture', async () => {
  const found = await estimate(1e9, {});
  expect(found).toMatchObject({ fits: true, smaller: undefined, problem: undefined });
  expect(found.secondsPerPicture).toBeGreaterThan(found.secondsPerStep);
});

test('one that does not fit in segments either is told with the largest resolution, which fits', async () => {
  const available = 0.5e9;
  const found = await estimate(available, { resolution: 512 });
  expect(found).toMatchObject({ fits: false, memorySetting: undefined });
  const { resolution = 0, memoryBytes = 0 } = found.smaller ?? {};
  expect(found.memoryBytes).toBeGreaterThan(available);
  expect(found.problem).toMatchObject({ key: 'resolution', details: { side: `${resolution}` } });
  expect(found.problem?.message).toContain(`\`resolution: ${resolution}\` fits`);
  expect(resolution).toBeGreaterThan(64);
  expect(resolution).toBeLessThan(512);
  expect(await estimate(available, { resolution })).toMatchObject({ fits: true, memoryBytes });
});

test('one of which only pictures fit that the model cannot draw, nothing makes fit', async () => {
  const found = await estimate(0.27e9, {});
  expect(found).toMatchObject({ fits: false, smaller: undefined });
  expect(found.problem?.message).toContain('use a smaller batch, resolution or model');
});

test('a machine that cannot draw a picture is told of none', async () => {
  expect((await estimate(0.15e9, {})).secondsPerPicture).toBeUndefined();
});
