/** @file β schedules: the variance that each training timestep adds, in float32 as PyTorch computes it. */
import { ConfigError } from '../base/errors.ts';
import { lastOf, required } from '../base/required.ts';
import type { SchedulerSettings } from './scheduler-config.ts';

/** The settings that decide β. */
export type BetaSettings = Pick<
  SchedulerSettings,
  'num_train_timesteps' | 'beta_start' | 'beta_end' | 'beta_schedule' | 'trained_betas'
>;

/**
 * β_t for every training timestep.
 *
 * @throws ConfigError where `trained_betas` has another length than `num_train_timesteps`
 */
export function betas(settings: BetaSettings): Float32Array<ArrayBuffer> {
  const { num_train_timesteps: count, beta_start, beta_end, trained_betas } = settings;
  if (trained_betas !== null) {
    if (trained_betas.length === count) return Float32Array.from(trained_betas);
    throw new ConfigError(
      'TRAINED_BETAS',
      `trained_betas has ${trained_betas.length} values; num_train_timesteps asks for ${count}`,
    );
  }
  switch (settings.beta_schedule) {
    case 'linear':
      return linspace(beta_start, beta_end, count);
    case 'scaled_linear': // linear in √β, as in latent diffusion (Rombach et al. 2022)
      return linspace(Math.sqrt(beta_start), Math.sqrt(beta_end), count).map((root) => root ** 2);
    case 'squaredcos_cap_v2':
      return squaredCosine(count);
    default:
      return settings.beta_schedule satisfies never;
  }
}

/** ᾱ_t = Π_{s≤t} (1 - β_s): the product runs in double, each value is rounded to float32. */
export function cumulativeAlphas(betas: Float32Array): Float32Array<ArrayBuffer> {
  let product = 1;
  return Float32Array.from(betas, (beta) => {
    product *= Math.fround(1 - beta);
    return product;
  });
}

/** β rescaled so that √ᾱ reaches 0 at the last timestep and keeps its first value (Lin et al. 2024, algorithm 1). */
export function zeroTerminalSnr(betas: Float32Array): Float32Array<ArrayBuffer> {
  const roots = cumulativeAlphas(betas).map((alphaBar) => Math.sqrt(alphaBar));
  const first = required(roots, 0);
  const last = lastOf(roots);
  const scale = Math.fround(first / Math.fround(first - last));
  const alphaBars = roots.map((root) => Math.fround(Math.fround(root - last) * scale) ** 2);
  return alphaBars.map((alphaBar, t) => {
    const previous = t === 0 ? 1 : required(alphaBars, t - 1); // the first α is ᾱ itself
    return 1 - Math.fround(alphaBar / previous);
  });
}

/** `torch.linspace` in float32: forwards up to the middle, backwards from the end after it. */
function linspace(start: number, end: number, count: number): Float32Array<ArrayBuffer> {
  const [from, to] = [Math.fround(start), Math.fround(end)];
  const step = count > 1 ? Math.fround(Math.fround(to - from) / (count - 1)) : 0;
  return Float32Array.from({ length: count }, (_, i) =>
    i < count / 2 ? from + step * i : to - step * (count - 1 - i),
  );
}

/** Cosine schedule (Nichol and Dhariwal 2021, eq. 17), β at most 0.999. */
function squaredCosine(count: number): Float32Array<ArrayBuffer> {
  const alphaBar = (time: number) => Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return Float32Array.from({ length: count }, (_, i) =>
    Math.min(1 - alphaBar((i + 1) / count) / alphaBar(i / count), 0.999),
  );
}
