/** @file Reads a `scheduler_config.json` of diffusers: what decides the noise schedule and the samples. */
import * as z from 'zod';
import { ConfigError } from '../base/errors.ts';
import { schemaProblems } from '../base/messages/schema-problems.ts';
import { didYouMean } from '../base/nearest.ts';

/** What a network may predict. */
export const predictionTypes = ['epsilon', 'v_prediction', 'sample'] as const;

/** What the network predicts: the noise ε, the velocity v = √ᾱ·ε - √(1-ᾱ)·x₀, or the clean sample x₀ itself. */
export type PredictionType = (typeof predictionTypes)[number];

/** β is a variance, of which 1 leaves nothing of the picture. */
const beta = z.number().gt(0).lt(1);

const fields = {
  // A schedule holds numbers for each of them; published ones have 1000.
  num_train_timesteps: z.int().positive().max(100_000),
  beta_start: beta,
  beta_end: beta,
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']),
  // At a zero terminal SNR the last one is 1.
  trained_betas: z.array(z.number().gt(0).lte(1)).min(1).nullable(),
  prediction_type: z.enum(predictionTypes),
  rescale_betas_zero_snr: z.boolean(),
  timestep_spacing: z.enum(['linspace', 'leading', 'trailing']),
  steps_offset: z.int().nonnegative(),
  set_alpha_to_one: z.boolean(),
  clip_sample: z.boolean(),
  clip_sample_range: z.number().positive(),
  skip_prk_steps: z.boolean(),
  final_sigmas_type: z.enum(['zero', 'sigma_min']),
  use_karras_sigmas: z.boolean(),
  variance_type: z.enum(['fixed_small', 'fixed_small_log', 'fixed_large']).nullable(),
  algorithm_type: z.enum(['dpmsolver++', 'sde-dpmsolver++', 'dpmsolver', 'sde-dpmsolver', 'deis']),
  solver_order: z.int().min(1).max(3),
  solver_type: z.enum(['midpoint', 'heun', 'bh1', 'bh2', 'logrho']),
  lower_order_final: z.boolean(),
  euler_at_final: z.boolean(),
  disable_corrector: z.array(z.int().nonnegative()),
  original_inference_steps: z.int().positive(),
  timestep_scaling: z.number().positive(),
};

const schema = z.looseObject({ _class_name: z.string() }).extend(z.object(fields).partial().shape);

/** Every setting, with nothing left to a default. */
export type SchedulerSettings = {
  readonly [Field in keyof typeof fields]: z.infer<(typeof fields)[Field]>;
};

/** A scheduler's file: its class, and the settings that the file states. */
export interface SchedulerConfig {
  readonly className: string;
  readonly stated: Partial<SchedulerSettings>;
}

/** Settings that change samples and are not supported: accepted only at the value that changes nothing. */
const neutralValues: Readonly<Record<string, readonly unknown[]>> = {
  thresholding: [false],
  interpolation_type: ['linear'],
  timestep_type: ['discrete'],
  sigma_min: [null],
  sigma_max: [null],
  use_exponential_sigmas: [false, null],
  use_beta_sigmas: [false, null],
  use_lu_lambdas: [false, null],
  use_flow_sigmas: [false, null],
  predict_epsilon: [true],
  lambda_min_clipped: [null, Number.NEGATIVE_INFINITY],
  predict_x0: [true],
  solver_p: [null],
  shift_terminal: [null],
};

/** Settings of other methods, which the methods here don't have. */
const settingsOfOtherMethods = [
  ...['dynamic_thresholding_ratio', 'sample_max_value', 'flow_shift', 'sigma_schedule'],
  ...['use_dynamic_shifting', 'time_shift_type'],
];

/**
 * Parses the content of a `scheduler_config.json`.
 *
 * Keys that begin with an underscore are the file's own business and are ignored, but for `_class_name`.
 *
 * @param where names the file in errors
 * @throws ConfigError where a value is wrong, or would change samples in a way not supported here
 */
export function parseSchedulerConfig(json: unknown, where: string): SchedulerConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new ConfigError(
      'SCHEDULER_CONFIG',
      `${where}: ${schemaProblems(schema, json, parsed.error)}`,
    );
  }
  const { _class_name: className, ...rest } = parsed.data;
  for (const [key, value] of Object.entries(rest)) refuseUnsupported(key, value, where);
  const stated = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => key in fields && value !== undefined),
  ) as Partial<SchedulerSettings>;
  return { className, stated };
}

function refuseUnsupported(key: string, value: unknown, where: string): void {
  if (key.startsWith('_') || key in fields || settingsOfOtherMethods.includes(key)) return;
  const neutral = neutralValues[key];
  if (neutral === undefined) {
    const known = [...Object.keys(fields), ...Object.keys(neutralValues)];
    throw new ConfigError(
      'SCHEDULER_KEY',
      `${where}: unknown setting "${key}", which may change samples${didYouMean(key, known)}`,
    );
  }
  if (!neutral.includes(value)) {
    throw new ConfigError(
      'SCHEDULER_UNSUPPORTED',
      `${where}: ${key} = ${shown(value)} is not supported; only ${neutral.map(shown).join(' or ')} is`,
    );
  }
}

/** A value as it stands in a file of Python's: JSON has no infinity. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** What diffusers' classes assume for settings that their file leaves out, where they agree. */
const commonDefaults: SchedulerSettings = {
  num_train_timesteps: 1000,
  beta_start: 0.0001,
  beta_end: 0.02,
  beta_schedule: 'linear',
  trained_betas: null,
  prediction_type: 'epsilon',
  rescale_betas_zero_snr: false,
  timestep_spacing: 'leading',
  steps_offset: 0,
  set_alpha_to_one: true,
  clip_sample: true,
  clip_sample_range: 1,
  skip_prk_steps: false,
  final_sigmas_type: 'zero',
  use_karras_sigmas: false,
  variance_type: 'fixed_small',
  algorithm_type: 'dpmsolver++',
  solver_order: 2,
  solver_type: 'midpoint',
  lower_order_final: true,
  euler_at_final: false,
  disable_corrector: [],
  original_inference_steps: 50,
  timestep_scaling: 10,
};

/**
 * All settings of a scheduler's file, read by a given method.
 *
 * @param defaults what that method's class in diffusers assumes where the others assume something else
 */
export function resolveSettings(
  config: SchedulerConfig,
  defaults: Partial<SchedulerSettings> = {},
): SchedulerSettings {
  return { ...commonDefaults, ...defaults, ...config.stated };
}
