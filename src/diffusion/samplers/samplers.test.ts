import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { checkSchedulers } from '../../../test/parity/checks/schedulers.ts';
import { float32 } from '../../tensor/tensor.ts';
import { NoiseSchedule } from '../noise-schedule.ts';
import {
  parseSchedulerConfig,
  resolveSettings,
  type SchedulerConfig,
} from '../scheduler-config.ts';
import {
  createSampler,
  type DrawNoise,
  defaultSampler,
  imageToImageStart,
  parseSamplerName,
  samplerNames,
} from './index.ts';

const latent = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };

function config(className: string, settings: Record<string, unknown> = {}) {
  return parseSchedulerConfig({ _class_name: className, ...latent, ...settings }, 'test');
}

const noNoise = () => {
  throw new Error('drew noise');
};

/** Where one number is led by a network that answers with its cosine. */
function trajectory(
  model: SchedulerConfig,
  options: Parameters<typeof createSampler>[1],
  drawNoise: DrawNoise = noNoise,
): number {
  const sampler = createSampler(model, options);
  const step = sampler.begin();
  let sample = float32([1], [sampler.initialNoiseSigma]);
  for (const index of sampler.timesteps.keys()) {
    const input = sampler.scaleInput(sample, index).data[0] ?? Number.NaN;
    sample = step(sample, float32([1], [Math.cos(input)]), index, drawNoise);
  }
  return sample.data[0] ?? Number.NaN;
}

describe('samplers', () => {
  test('follow the reference trajectories', async () => {
    const checks = await checkSchedulers(fixturePath('schedulers'));
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(checks.length).toBeGreaterThan(580); // 101 trajectories of five or six quantities
  });

  test('follow the reference trajectories of linear multistep, midpoint and third-order methods', async () => {
    const checks = await checkSchedulers(fixturePath('schedulers-more'));
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(checks.length).toBeGreaterThan(700); // 120 trajectories of five or six quantities
  });

  // DDPM, LCM, TCD and the ancestral methods draw noise; the stochastic DPM-Solver++ too.
  const deterministic = samplerNames.filter((name) => !/ddpm|ancestral|lcm|sde|tcd/.test(name));
  test.each(deterministic)(
    '%s leads from a single point back to it, however many steps it takes',
    (name) => {
      // For data that is one point, ε = (x - √ᾱ·x₀)/√(1-ᾱ) is exact and every method must return to x₀.
      const model = config('DDIMScheduler', { clip_sample: false, skip_prk_steps: true });
      for (const steps of [2, 7, 50]) {
        const sampler = createSampler(model, { name, steps });
        const step = sampler.begin();
        const clean = float32([1, 3], [0.5, -1, 2]);
        const noise = float32([1, 3], [1, -0.3, 0.4]);
        let sample = sampler.addNoise(clean, noise, 0);
        for (const index of sampler.timesteps.keys()) {
          sample = step(sample, noise, index, noNoise);
        }
        // The others end at σ = 0; these as their classes do at the first ᾱ, 0.99915, √(1-ᾱ) = 0.03; DDIM from the end where
        // its steps do not divide the schedule.
        const left = ['pndm', 'deis', 'ddim-trailing'].includes(name) ? 0.04 : 1e-4;
        for (const [i, value] of sample.data.entries()) {
          expect(Math.abs(value - (clean.data[i] ?? 0))).toBeLessThan(left);
        }
      }
    },
  );

  test('pndm begins a second trajectory without memory of the first', () => {
    const sampler = createSampler(config('PNDMScheduler', { skip_prk_steps: true }), { steps: 6 });
    const run = () => {
      const step = sampler.begin();
      let sample = float32([1, 2], [1, -1]);
      for (const index of sampler.timesteps.keys()) {
        sample = step(sample, float32([1, 2], [index / 7, 0.5]), index, noNoise);
      }
      return sample;
    };
    expect(run()).toEqual(run());
  });

  test('called by a variant of a method go by the name, whatever the file states', () => {
    const stated = { use_karras_sigmas: false, timestep_spacing: 'trailing' };
    const model = config('DPMSolverMultistepScheduler', stated);
    const karras = config('DPMSolverMultistepScheduler', { use_karras_sigmas: true });
    const { timesteps } = createSampler(karras, { steps: 8 });
    expect(createSampler(model, { name: 'dpmpp-2m-karras', steps: 8 }).timesteps).toEqual(
      timesteps,
    );
    const stochastic = createSampler(model, { name: 'dpmpp-2m-sde-karras', steps: 8 });
    expect(stochastic.timesteps).toEqual(timesteps);
    const one = float32([1], [1]);
    expect(() => stochastic.begin()(one, one, 0, noNoise)).toThrow('drew noise');
  });

  test('heun asks twice at every level but the first', () => {
    const model = config('HeunDiscreteScheduler', { timestep_spacing: 'leading' });
    const sampler = createSampler(model, { steps: 4 });
    expect(sampler.timesteps).toEqual([750, 500, 500, 250, 250, 0, 0]);
    expect(sampler.timesteps.slice(imageToImageStart(sampler, 0.5))).toEqual([250, 0, 0]);
  });

  test('heun leaves pure noise by a step of Euler', () => {
    const stated = { timestep_spacing: 'trailing', prediction_type: 'v_prediction' };
    const model = config('EulerDiscreteScheduler', { ...stated, rescale_betas_zero_snr: true });
    const velocities = [float32([1], [0.3]), float32([1], [-0.8])] as const;
    const euler = createSampler(model, { steps: 4 });
    const heun = createSampler(model, { steps: 4, name: 'heun' });
    const start = float32([1], [heun.initialNoiseSigma]);
    const step = heun.begin();
    const half = step(start, velocities[0], 0, noNoise);
    const whole = step(half, velocities[1], 1, noNoise);
    expect(whole).toEqual(euler.begin()(start, velocities[0], 0, noNoise));
  });

  test.each(samplerNames.filter((name) => name !== 'pndm'))(
    '%s leads a velocity prediction out of pure noise',
    (name) => {
      // For data that is one point, x₀, the velocity is √ᾱ·ε - √(1-ᾱ)·x₀ with the sample's own ε.
      const stated = { timestep_spacing: 'trailing', prediction_type: 'v_prediction' };
      const model = config('DDIMScheduler', {
        ...{ ...stated, rescale_betas_zero_snr: true },
        clip_sample: false,
      });
      const { alphasCumprod } = new NoiseSchedule(resolveSettings(model));
      const sampler = createSampler(model, { name, steps: 10 });
      const step = sampler.begin();
      let sample = float32([1], [1.5 * sampler.initialNoiseSigma]);
      for (const [index, timestep] of sampler.timesteps.entries()) {
        const input = sampler.scaleInput(sample, index).data[0] ?? 0;
        const sigma = sampler.sigmas?.[index];
        const alphaBar =
          sigma === undefined ? (alphasCumprod[timestep] ?? 0) : 1 / (1 + sigma ** 2);
        const noise = (input - Math.sqrt(alphaBar) * 0.7) / Math.sqrt(1 - alphaBar);
        const velocity = Math.sqrt(alphaBar) * noise - Math.sqrt(1 - alphaBar) * 0.7;
        sample = step(sample, float32([1], [velocity]), index, () => float32([1], [0.4]));
      }
      // Samples around 4096 are rounded to 2⁻¹² in float32; LCM's c_skip keeps 1e-7 of the noise. DEIS and TCD end
      // at the first ᾱ, where 0.03 of the noise is left, which is 1.5 of DEIS.
      const left = ['deis', 'tcd'].includes(name) ? 0.05 : 1e-3;
      expect(Math.abs((sample.data[0] ?? 0) - 0.7)).toBeLessThan(left);
    },
  );

  test('of one method under two names agree: DEIS is DPM-Solver of ε expanded in λ', () => {
    const stated = {
      final_sigmas_type: 'sigma_min',
      algorithm_type: 'dpmsolver',
      solver_type: 'heun',
    };
    const model = config('DPMSolverMultistepScheduler', {
      ...stated,
      timestep_spacing: 'linspace',
    });
    const ends = (['deis', 'dpmpp-2m'] as const).map((name) =>
      trajectory(model, { name, steps: 9 }),
    );
    // Float32 rounding of nine steps.
    expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? 1))).toBeLessThan(1e-5);
  });

  test('of one method under two names agree: TCD without noise is DDIM on its timesteps', () => {
    // With 50 steps both take every twentieth timestep; TCD's last step leads to timestep 0, DDIM's to the first ᾱ.
    const stated = { timestep_spacing: 'trailing', set_alpha_to_one: false, clip_sample: false };
    const model = config('DDIMScheduler', stated);
    const ends = (['tcd', 'ddim'] as const).map((name) =>
      trajectory(model, { name, steps: 50, eta: 0 }),
    );
    expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? 1))).toBeLessThan(1e-5);
  });

  test('read settings that a file leaves out as the sampler class does', () => {
    const model = config('PNDMScheduler', { skip_prk_steps: true });
    expect(createSampler(model, { steps: 4 }).timesteps).toEqual([750, 500, 500, 250, 0]);
    expect(createSampler(model, { name: 'euler', steps: 4 }).timesteps).toEqual([999, 666, 333, 0]);
    expect(createSampler(model, { name: 'ddim', steps: 4 }).timesteps).toEqual([750, 500, 250, 0]);
  });
});

describe('timesteps of a user', () => {
  test('are followed as the reference follows them', async () => {
    const checks = await checkSchedulers(fixturePath('schedulers-own'));
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(checks.length).toBeGreaterThan(230); // 44 trajectories of five or six quantities
  });

  test.each(['ddpm', 'dpmpp-2m', 'dpmpp-2s', 'euler', 'euler-ancestral', 'heun', 'lcm'] as const)(
    '%s makes of those that it would choose what it makes of their number',
    (name) => {
      const model = config('DDIMScheduler', { clip_sample: false });
      const { timesteps: chosen, evaluationsPerStep } = createSampler(model, { name, steps: 4 });
      const timesteps = chosen.filter((_, i) => evaluationsPerStep === 1 || i === 0 || i % 2 === 1);
      const noise = () => float32([1], [0.3]);
      expect(trajectory(model, { name, steps: 1, timesteps }, noise)).toBe(
        trajectory(model, { name, steps: 4 }, noise),
      );
    },
  );

  test.each([
    [[], 'got none'],
    [[800.5], 'got 800.5'],
    [[1000], 'from 0 to 999, each below the one before, got 1000'],
    [[100, -1], 'got -1'],
    [[Number.NaN], 'got NaN'],
    [[500, 800], 'got 500 and then 800'],
    [[500, 500], 'got 500 and then 500'],
  ])('are not %j', (timesteps, message) => {
    expect(() => createSampler(config('LCMScheduler'), { steps: 1, timesteps })).toThrow(message);
  });

  test.each([
    ['ddim', {}, 'the sampler ddim finds its own'],
    ['dpmpp-2m-karras', {}, 'choose one of ddpm, dpmpp-2m, dpmpp-3m'],
    ['euler', { use_karras_sigmas: true }, 'or choose the sampler ddpm, lcm or tcd'],
  ] as const)('are not for %s of %j', (name, stated, message) => {
    const model = config('DDIMScheduler', stated);
    expect(() => createSampler(model, { name, steps: 1, timesteps: [800] })).toThrow(message);
    expect(createSampler(model, { name: 'lcm', steps: 1, timesteps: [800] }).steps).toBe(1);
  });
});

describe('choosing a sampler', () => {
  test('goes by the class that the scheduler file names', () => {
    expect(defaultSampler(config('PNDMScheduler'))).toBe('pndm');
    expect(defaultSampler(config('DDIMScheduler'))).toBe('ddim');
    expect(defaultSampler(config('EulerDiscreteScheduler'))).toBe('euler');
    expect(defaultSampler(config('DDPMScheduler'))).toBe('ddpm');
    expect(defaultSampler(config('DPMSolverMultistepScheduler'))).toBe('dpmpp-2m');
    expect(defaultSampler(config('LMSDiscreteScheduler'))).toBe('lms');
    expect(defaultSampler(config('KDPM2DiscreteScheduler'))).toBe('kdpm2');
    expect(defaultSampler(config('KDPM2AncestralDiscreteScheduler'))).toBe('kdpm2-ancestral');
    expect(defaultSampler(config('DEISMultistepScheduler'))).toBe('deis');
    expect(defaultSampler(config('TCDScheduler'))).toBe('tcd');
  });

  test('of a class without a sampler says what there is', () => {
    expect(() => defaultSampler(config('DPMSolverSDEScheduler'))).toThrow(
      "the model's scheduler is DPMSolverSDEScheduler, for which there is no sampler; choose a `sampler`: ddim, ddim-trailing, ddpm, deis, dpmpp-2m",
    );
  });

  test('by a wrong name suggests the nearest', () => {
    expect(() => parseSamplerName('ddin')).toThrow(
      'did you mean "ddim"?; there are ddim, ddim-trailing, ddpm',
    );
    expect(parseSamplerName('euler')).toBe('euler');
  });
});

describe('a sampler refuses', () => {
  test.each([0, -1, 2.5, 1001])('%d steps', (steps) => {
    expect(() => createSampler(config('DDIMScheduler'), { steps })).toThrow(
      'steps is an integer from 1 to 1000',
    );
  });

  test.each(['ddim', 'euler'] as const)('%s timesteps past the schedule', (name) => {
    const model = config('DDIMScheduler', { steps_offset: 1, timestep_spacing: 'leading' });
    expect(() => createSampler(model, { name, steps: 1000 })).toThrow(
      'timestep 1000 is not one of',
    );
  });

  test('a noise prediction at pure noise', () => {
    const model = config('DDIMScheduler', {
      rescale_betas_zero_snr: true,
      timestep_spacing: 'trailing',
    });
    expect(() => createSampler(model, { steps: 10 })).toThrow('timestep 999 is pure noise');
  });

  test('steps along the noise at pure noise', () => {
    const stated = { timestep_spacing: 'trailing', prediction_type: 'v_prediction' };
    const model = config('PNDMScheduler', {
      ...{ ...stated, rescale_betas_zero_snr: true },
      skip_prk_steps: true,
    });
    expect(() => createSampler(model, { steps: 10 })).toThrow('choose another sampler');
  });

  test.each([
    ['dpmpp-2m', { algorithm_type: 'dpmsolver' }, 'state final_sigmas_type "sigma_min"'],
    [
      'dpmpp-3m',
      { algorithm_type: 'sde-dpmsolver', final_sigmas_type: 'sigma_min' },
      'solver_order 3 does not exist',
    ],
    ['tcd', { original_inference_steps: 8 }, 'tcd: steps is an integer from 1 to 8'],
    ['lcm', { original_inference_steps: 8 }, 'steps is an integer from 1 to 8'],
    ['unipc', { num_train_timesteps: 10 }, 'steps is an integer from 1 to 9'],
  ] as const)('%s of %j', (name, stated, message) => {
    const model = config('DDIMScheduler', stated);
    expect(() => createSampler(model, { name, steps: 10 })).toThrow(message);
  });

  test('a Runge-Kutta start', () => {
    expect(() => createSampler(config('PNDMScheduler'), { steps: 10 })).toThrow('skip_prk_steps');
  });

  test('an eta out of range', () => {
    expect(() => createSampler(config('DDIMScheduler'), { steps: 10, eta: 2 })).toThrow('eta');
  });
});

describe('image-to-image', () => {
  test('makes the share of the steps that the strength says', () => {
    const sampler = createSampler(config('DDIMScheduler'), { steps: 10 });
    expect(imageToImageStart(sampler, 1)).toBe(0);
    expect(imageToImageStart(sampler, 0.6)).toBe(4);
    expect(imageToImageStart(sampler, 0.1)).toBe(9);
  });

  test.each([0, 0.05, 1.2, Number.NaN])('refuses strength %d of 10 steps', (strength) => {
    const sampler = createSampler(config('DDIMScheduler'), { steps: 10 });
    expect(() => imageToImageStart(sampler, strength)).toThrow('use 0.1 to 1, or more steps');
    const single = createSampler(config('DDIMScheduler'), { steps: 1 });
    expect(() => imageToImageStart(single, strength)).toThrow('use 1, or more steps');
  });
});
