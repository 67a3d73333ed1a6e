import { expect, test } from 'vitest';
import { openBaseModel } from '../base/open-base.ts';
import { stagesOf } from './experts.ts';

test('timesteps of a user are where the first pass is asked, and not the second', async () => {
  const base = await openBaseModel('pocket');
  const options = { steps: 2, timesteps: [800, 300], sampler: 'lcm' } as const;
  const [first] = stagesOf(base, options);
  expect(first.sampler.timesteps).toEqual([800, 300]);
  const [second] = stagesOf(base, { ...options, again: { from: [], noise: 0.5 } });
  expect(second.sampler.timesteps.slice(second.first)).toEqual([499, 259]);
});

test('a refiner goes on along the timesteps of a user', async () => {
  const base = await openBaseModel('pocket');
  const refined = { steps: 3, timesteps: [800, 300, 100], refiner: { model: base, start: 0.8 } };
  const stages = stagesOf(base, { ...refined, sampler: 'euler' });
  expect(stages.map(({ first, end }) => [first, end])).toEqual([
    [0, 2],
    [2, 3],
  ]);
  expect(stages[1]?.sampler.timesteps).toEqual([800, 300, 100]);
});
