import { describe, expect, test } from 'vitest';
import { parseSchedulerConfig, resolveSettings } from './scheduler-config.ts';

const parse = (settings: Record<string, unknown>) =>
  parseSchedulerConfig({ _class_name: 'DDIMScheduler', ...settings }, 'scheduler_config.json');

describe('parseSchedulerConfig', () => {
  test('keeps what is stated and leaves the rest to the class', () => {
    const config = parse({ beta_start: 0.00085, _diffusers_version: '0.31.0', flow_shift: 1 });
    expect(config).toEqual({ className: 'DDIMScheduler', stated: { beta_start: 0.00085 } });
    const settings = resolveSettings(config, { timestep_spacing: 'linspace' });
    expect(settings.beta_start).toBe(0.00085);
    expect(settings.beta_end).toBe(0.02);
    expect(settings.timestep_spacing).toBe('linspace');
  });

  test.each([
    [{ prediction_type: 'flow' }, 'prediction_type'],
    [{ thresholding: true }, 'thresholding = true is not supported; only false is'],
    [{ interpolation_type: 'log_linear' }, 'interpolation_type = "log_linear"'],
    [{ use_beta_sigmas: true }, 'use_beta_sigmas = true'],
    [{ timestep_spacings: 'leading' }, 'did you mean "timestep_spacing"?'],
    [{ variance_type: 'learned_range' }, 'variance_type'],
    [{ lambda_min_clipped: -5.1 }, 'lambda_min_clipped = -5.1 is not supported'],
    [{ lambda_min_clipped: Infinity }, 'Infinity is not supported; only null or -Infinity is'],
    [{ beta_end: Number.NaN }, 'beta_end'],
    [{ num_train_timesteps: 0 }, 'num_train_timesteps'],
  ])('refuses %j by name', (settings, message) => {
    expect(() => parse(settings)).toThrow(message);
  });

  test('says which file it could not read', () => {
    expect(() => parseSchedulerConfig({}, 'a/scheduler_config.json')).toThrow(
      'a/scheduler_config.json',
    );
  });

  test('accepts unsupported settings at the value that changes nothing', () => {
    expect(() =>
      parse({
        thresholding: false,
        sigma_min: null,
        trained_betas: null,
        solver_p: null,
        lambda_min_clipped: -Infinity,
      }),
    ).not.toThrow();
  });
});
