import { describe, expect, test } from 'vitest';
import { float32 } from '../../tensor/tensor.ts';
import { parseSchedulerConfig } from '../scheduler-config.ts';
import { createSampler, type SamplerName } from './index.ts';

/** Deviation of the data. */
const spread = 0.5;

const noNoise = () => {
  throw new Error('drew noise');
};

/**
 * Relative error after `steps` steps for data of a normal distribution, whose ε is known exactly: there a sample
 * keeps its place in the distribution, so it shrinks as the deviation does.
 */
function finalError(name: SamplerName, steps: number, settings: Record<string, unknown>): number {
  const stated = {
    _class_name: 'x',
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
  };
  const ladder = {
    use_karras_sigmas: true,
    final_sigmas_type: 'sigma_min',
    lower_order_final: false,
  };
  const config = parseSchedulerConfig({ ...stated, ...ladder, ...settings }, 'test');
  const sampler = createSampler(config, { name, steps });
  const ratio = (index: number) => sampler.sigmas?.[index] ?? Number.NaN;
  const asGiven = (value: number, index: number) =>
    sampler.scaleInput(float32([1], [value]), index).data[0] ?? Number.NaN;
  const step = sampler.begin();
  let sample = 1;
  for (const index of sampler.timesteps.keys()) {
    const alphaBar = 1 / (1 + ratio(index) ** 2);
    const variance = alphaBar * spread ** 2 + 1 - alphaBar;
    const noise = (asGiven(sample, index) * Math.sqrt(1 - alphaBar)) / variance;
    const next = step(float32([1], [sample]), float32([1], [noise]), index, noNoise);
    sample = next.data[0] ?? Number.NaN;
  }
  const isScaled = asGiven(1, 0) !== 1; // x = x₀ + σ·ε, else multiplied by α
  const deviation = (sigma: number) =>
    Math.sqrt((spread ** 2 + sigma ** 2) / (isScaled ? 1 : 1 + sigma ** 2));
  return Math.abs((sample * deviation(ratio(0))) / deviation(ratio(sampler.timesteps.length)) - 1);
}

describe('the order of', () => {
  test.each([
    ['euler', {}, 1],
    ['dpmpp-2m', { solver_order: 1 }, 1],
    ['heun', {}, 2],
    ['dpmpp-2m', {}, 2],
    ['dpmpp-2m', { solver_type: 'heun' }, 2],
    ['dpmpp-2s', {}, 2],
    ['dpmpp-2s', { solver_order: 3 }, 3],
    ['dpmpp-2s', { solver_order: 3, solver_type: 'heun' }, 3],
    ['dpmpp-2m', { algorithm_type: 'dpmsolver', solver_order: 1 }, 1],
    ['dpmpp-2m', { algorithm_type: 'dpmsolver' }, 2],
    // The published third order counts m'' by half: smaller errors, which fall as the second order's.
    ['dpmpp-3m', {}, 2],
    ['dpmpp-2m', { algorithm_type: 'dpmsolver', solver_order: 3 }, 2],
    ['kdpm2', {}, 2],
    ['deis', { solver_order: 1 }, 1],
    ['deis', {}, 2],
    ['deis', { solver_order: 3 }, 3],
    ['unipc', { solver_order: 1 }, 2], // the corrector adds one
    ['unipc', {}, 3],
    ['unipc', { solver_type: 'bh1' }, 3],
  ] as const)('%s %j is %d', (name, settings, order) => {
    // Twice the steps divide the error by 2^order in the limit; at 80 steps by somewhat less or more.
    const gain = finalError(name, 80, settings) / finalError(name, 160, settings);
    expect(gain).toBeGreaterThan(0.85 * 2 ** order);
    expect(gain).toBeLessThan(1.35 * 2 ** order);
  });

  test.each([
    ['unipc', { solver_order: 3 }],
    ['lms', {}], // the first steps, of lower order, keep it from 4
  ] as const)('%s %j is more than 3', (name, settings) => {
    const gain = finalError(name, 20, settings) / finalError(name, 40, settings);
    expect(gain).toBeGreaterThan(1.35 * 2 ** 3);
  });

  test('dpmpp-3m is that of dpmpp-2m, with half its error or less', () => {
    for (const steps of [20, 40, 80]) {
      expect(finalError('dpmpp-3m', steps, {})).toBeLessThan(finalError('dpmpp-2m', steps, {}) / 2);
    }
  });
});
