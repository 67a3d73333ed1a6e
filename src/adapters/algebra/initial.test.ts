import { expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { initialTensors } from '../placed.ts';
import { configureAdapter } from '../registry.ts';
import { initialTensor, kaimingUniform, normal } from './initial.ts';

const from = (seed: number) => ({
  generator: new TorchGenerator(seed),
  weight: () => undefined,
});

test('normals are the draws of torch, times the deviation', () => {
  const drawn = initialTensor([4, 5], normal(0.5), from(42));
  expect(drawn.data).toEqual(new TorchGenerator(42).randn(20).map((value) => value * 0.5));
});

test('uniforms fill the range up to its bounds', () => {
  const { data } = initialTensor([100, 25], kaimingUniform([100, 25]), from(0));
  // 2500 draws from U(-0.2, 0.2): one in the outer hundredth is missing with probability below e^-12.
  expect(Math.min(...data)).toBeLessThan(-0.198);
  expect(Math.max(...data)).toBeGreaterThan(0.198);
});

test('sites are drawn one after the other: leaving out the last changes none before', () => {
  const adapter = configureAdapter('krona', { a1: 2, a2: 2 });
  const sites = ['a', 'b', 'c'].map((name) => ({ name, kind: 'linear' as const, out: 4, in: 6 }));
  const all = initialTensors({ adapter, sites }, new TorchGenerator(9));
  const two = initialTensors({ adapter, sites: sites.slice(0, 2) }, new TorchGenerator(9));
  expect([...two]).toEqual([...all].slice(0, 4));
  expect(all.get('a.A')).not.toEqual(all.get('b.A'));
});
