import { expect, test } from 'vitest';
import type { RunDetail } from '../../../../src/studio/interface/run-operations.ts';
import { completed, type Known, preset, stepsOf, usualValues } from './usual-comparison.ts';

const run: RunDetail = {
  ...{ id: 'dog-1', name: 'dog', subject: 'sks dog', base: 'pocket', adapter: 'krona' },
  ...{ steps: 90, state: { state: 'finished', step: 90 }, changed: 0, thumbnail: undefined },
  ...{
    secondsLeft: undefined,
    settings: {},
    notes: [],
    warnings: [],
    recovery: undefined,
    samples: [],
  },
  ...{ checkpoints: [10, 20, 30, 40, 50, 60, 70, 80, 90], adapterId: 'dog-2' },
  ...{ resumeCommand: undefined, dataset: undefined },
};
const known: Known = { runs: [run, { ...run, id: 'cat-1' }], run, steps: stepsOf([run]) };
const none: Known = { runs: [], run: undefined, steps: [] };

test('a run is compared over its steps, not all of them ticked, the first and the last among them', () => {
  const { x, y, run: asked } = completed({ adapters: [] }, known);
  expect(x).toEqual({ name: 'checkpoint', values: [0, 20, 40, 50, 70, 90] });
  expect(y.name).toBe('prompt');
  expect(asked).toBe('dog-1');
});

test('without runs the base model is compared by seeds', () => {
  expect(completed({ adapters: [] }, none)).toMatchObject({
    x: { name: 'seed' },
    shared: { base: 'pocket' },
  });
});

test('a prompt that is no axis is shared', () => {
  const asked = { x: { name: 'seed', values: [1] }, y: { name: 'steps', values: [2] } };
  const { shared } = completed({ ...asked, adapters: [] }, known);
  expect(shared).toEqual({ adapters: [], settings: { prompt: 'a {subject}' } });
});

test('one click: what there is not enough for is not offered', () => {
  expect(preset('strong-long', known)).toMatchObject({
    x: { name: 'checkpoint', values: [20, 40, 50, 70, 90] },
    y: { name: 'strength' },
  });
  expect(preset('runs', known)?.x.values).toEqual(['dog-1', 'cat-1']);
  expect(preset('runs', { ...known, runs: [run] })).toBeUndefined();
  expect(preset('how-long', none)).toBeUndefined();
  expect(preset('seeds', none)?.x.values).toEqual([1, 2, 3, 4]);
});

test('settings without usual values begin empty', () => {
  expect(usualValues('toString', known)).toEqual([]);
});
