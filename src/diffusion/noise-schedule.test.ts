import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { largestDifference, relativeL2 } from '../../test/parity/check.ts';
import { readFixtureJson, readFixtureTensors } from '../../test/parity/fixture.ts';
import { pocketFolder } from '../data/pocket.ts';
import { NoiseSchedule } from './noise-schedule.ts';
import { predictedClean, predictedNoise } from './prediction.ts';
import { parseSchedulerConfig, resolveSettings } from './scheduler-config.ts';

async function scheduleOf(folder: string): Promise<NoiseSchedule> {
  const config = await readFixtureJson(folder, 'scheduler_config.json');
  return new NoiseSchedule(resolveSettings(parseSchedulerConfig(config, folder)));
}

describe('NoiseSchedule', () => {
  const parsed = (settings: Readonly<Record<string, unknown>>) =>
    resolveSettings(parseSchedulerConfig({ _class_name: 'DDIMScheduler', ...settings }, 'test'));

  test.each([
    ['beta_end', 8],
    ['beta_end', 1],
    ['beta_start', 0],
    ['beta_start', -0.1],
    ['trained_betas', [0.1, 2]],
    ['trained_betas', [0, 0.5]],
    ['num_train_timesteps', 1e9],
  ])('refuses %s %j, which is no variance', (key, value) => {
    expect(() => parsed({ [key]: value })).toThrow(
      expect.objectContaining({ code: 'SCHEDULER_CONFIG', message: expect.stringContaining(key) }),
    );
  });

  test.each([
    // Π(1-β) of a thousand halves lies below the smallest float32, which is 2^-149.
    [{ beta_start: 0.5, beta_end: 0.5 }, 'found 0 at timestep 149'],
    [{ trained_betas: [0.5, 1, 0.5], num_train_timesteps: 3 }, 'found 0 at timestep 1'],
    // 1 - 1e-9 is 1 in float32: no noise at all.
    [{ beta_start: 1e-9 }, 'found 1 at timestep 0'],
  ])('refuses %j, which leaves nothing to predict', (settings, words) => {
    expect(() => new NoiseSchedule(parsed(settings))).toThrow(
      expect.objectContaining({
        code: 'NOISE_SCHEDULE',
        message: expect.stringContaining(words),
      }),
    );
  });

  test('may end without any signal', () => {
    const settings = parsed({ trained_betas: [0.5, 0.5, 1], num_train_timesteps: 3 });
    expect([...new NoiseSchedule(settings).alphasCumprod]).toEqual([0.5, 0.25, 0]);
  });

  test('has the bundled model ᾱ, zero at the end', async () => {
    const schedule = await scheduleOf(join(pocketFolder(), 'scheduler'));
    const reference = await readFixtureTensors(fixturePath('pocket'), 'reference.safetensors');
    // A dozen float32 operations; √ is not rounded alike everywhere.
    expect(
      largestDifference(schedule.alphasCumprod, reference.float32('alphas_cumprod').data),
    ).toBeLessThan(1e-6);
    expect(schedule.alphasCumprod.at(-1)).toBe(0);
  });

  test.each([
    ['unet-sd15', 'epsilon'],
    ['unet-sd21', 'v_prediction'],
  ] as const)('makes the training sample and target of %s', async (name, predictionType) => {
    const folder = fixturePath(name);
    const schedule = await scheduleOf(folder);
    const fixture = await readFixtureTensors(folder);
    const [clean, noise] = [fixture.float32('input/latents'), fixture.float32('input/noise')];
    const timesteps = fixture.int32('input/timesteps');
    const noisy = schedule.addNoise(clean, noise, timesteps);
    const target = schedule.trainingTarget(predictionType, clean, noise, timesteps);
    // One rounding here, three in the reference.
    expect(relativeL2(noisy.data, fixture.float32('input/sample').data)).toBeLessThan(2e-7);
    expect(relativeL2(target.data, fixture.float32('input/target').data)).toBeLessThan(2e-7);
  });

  test.each(['epsilon', 'v_prediction'] as const)(
    'reads clean sample and noise back from a perfect %s prediction',
    async (type) => {
      const schedule = await scheduleOf(fixturePath('unet-sd15'));
      const fixture = await readFixtureTensors(fixturePath('unet-sd15'));
      const [clean, noise] = [fixture.float32('input/latents'), fixture.float32('input/noise')];
      const timesteps = [321, 321];
      const sample = schedule.addNoise(clean, noise, timesteps);
      const output = schedule.trainingTarget(type, clean, noise, timesteps);
      const prediction = { type, alphaBar: schedule.alphaBar(321), sample, output };
      // Float32, divided by √ᾱ = 0.65.
      expect(largestDifference(predictedClean(prediction).data, clean.data)).toBeLessThan(2e-6);
      expect(largestDifference(predictedNoise(prediction).data, noise.data)).toBeLessThan(2e-6);
    },
  );

  test('takes trained betas as they are, of the right number only', () => {
    const settings = (trained_betas: number[]) =>
      resolveSettings({ className: 'x', stated: { num_train_timesteps: 2, trained_betas } });
    expect([...new NoiseSchedule(settings([0.25, 0.5])).alphasCumprod]).toEqual([0.75, 0.375]);
    expect(() => new NoiseSchedule(settings([0.25]))).toThrow('trained_betas has 1 values');
  });

  test('refuses a timestep that it does not have', async () => {
    const schedule = await scheduleOf(fixturePath('unet-sd15'));
    expect(() => schedule.alphaBar(1000)).toThrow('timestep 1000 is not one of');
  });
});
