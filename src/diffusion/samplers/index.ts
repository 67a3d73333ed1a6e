/** @file The samplers by name, and which of them a model's scheduler file asks for. */
import { ConfigError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { NoiseSchedule } from '../noise-schedule.ts';
import { resolveSettings, type SchedulerConfig } from '../scheduler-config.ts';
import { ddim } from './methods/ddim.ts';
import { ddpm } from './methods/ddpm.ts';
import { dpmppSinglestep } from './methods/dpmpp-singlestep.ts';
import { euler } from './methods/euler.ts';
import { eulerAncestral } from './methods/euler-ancestral.ts';
import { heun } from './methods/heun.ts';
import { kdpm2, kdpm2Ancestral } from './methods/kdpm2.ts';
import { lcm } from './methods/lcm.ts';
import { pndm } from './methods/pndm.ts';
import { tcd } from './methods/tcd.ts';
import { deis } from './multistep/deis.ts';
import { dpmppMultistep } from './multistep/dpmpp-multistep.ts';
import { lms } from './multistep/lms.ts';
import { unipc } from './multistep/unipc.ts';
import { requireTimesteps } from './own-timesteps.ts';
import type { Sampler, SamplerMethod, SamplerOptions } from './sampler.ts';

export { requireTimesteps } from './own-timesteps.ts';
export { type DrawNoise, imageToImageStart, type Sampler, type Step } from './sampler.ts';

/**
 * Every sampler; a new one is a file and a line here.
 *
 * Of those that reproduce the same class of diffusers, the first takes all settings from the model's file.
 */
export const samplers = {
  ddim, // DDIMScheduler
  'ddim-trailing': { ...ddim, settings: { timestep_spacing: 'trailing' } },
  ddpm, // DDPMScheduler
  deis, // DEISMultistepScheduler
  'dpmpp-2m': dpmppMultistep, // DPMSolverMultistepScheduler
  'dpmpp-2m-karras': { ...dpmppMultistep, settings: { use_karras_sigmas: true } },
  'dpmpp-2m-sde-karras': {
    ...dpmppMultistep,
    settings: { use_karras_sigmas: true, algorithm_type: 'sde-dpmsolver++' },
  },
  'dpmpp-3m': { ...dpmppMultistep, settings: { solver_order: 3 } },
  'dpmpp-3m-karras': {
    ...dpmppMultistep,
    settings: { solver_order: 3, use_karras_sigmas: true },
  },
  'dpmpp-2s': dpmppSinglestep, // DPMSolverSinglestepScheduler
  euler, // EulerDiscreteScheduler
  'euler-trailing': { ...euler, settings: { timestep_spacing: 'trailing' } },
  'euler-ancestral': eulerAncestral, // EulerAncestralDiscreteScheduler
  heun, // HeunDiscreteScheduler
  kdpm2, // KDPM2DiscreteScheduler
  'kdpm2-karras': { ...kdpm2, settings: { use_karras_sigmas: true } },
  'kdpm2-ancestral': kdpm2Ancestral, // KDPM2AncestralDiscreteScheduler
  'kdpm2-ancestral-karras': { ...kdpm2Ancestral, settings: { use_karras_sigmas: true } },
  lcm, // LCMScheduler
  lms, // LMSDiscreteScheduler
  'lms-karras': { ...lms, settings: { use_karras_sigmas: true } },
  pndm, // PNDMScheduler
  tcd, // TCDScheduler
  unipc, // UniPCMultistepScheduler
} as const satisfies Record<string, SamplerMethod>;

export type SamplerName = keyof typeof samplers;

/** The names of all samplers. */
export const samplerNames = Object.keys(samplers) as readonly SamplerName[];

/** The names of those whose steps may lie at any timesteps. */
const samplersAtTimesteps = samplerNames.filter((name) => {
  const { takesTimesteps = false, settings }: SamplerMethod = samplers[name];
  return takesTimesteps && settings?.use_karras_sigmas !== true;
});

/** The names of those that `eta` says something to. */
export const samplersWithEta = samplerNames.filter((name) => {
  const { takesEta = false }: SamplerMethod = samplers[name];
  return takesEta;
});

/**
 * A sampler's name as a user wrote it.
 *
 * @throws ConfigError where there is none of that name
 */
export function parseSamplerName(name: string): SamplerName {
  const found = samplerNames.find((each) => each === name);
  if (found !== undefined) return found;
  throw new ConfigError(
    'SAMPLER_UNKNOWN',
    `no sampler called "${name}"${didYouMean(ourSpelling(name), samplerNames)}; there are ${samplerNames.join(', ')}`,
  );
}

/** The sampler that another tool's name means: `Euler a`, `DPM++ 2M Karras`; undefined where it is none of ours. */
export function closestSamplerName(name: string): SamplerName | undefined {
  const spelled = ourSpelling(name);
  return samplerNames.find((each) => each === spelled);
}

/** A1111's and ComfyUI's names as ours are spelled: `DPM++ 2M Karras`, `Euler a`, `k_dpmpp_2m`. */
function ourSpelling(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll('++', 'pp')
    .replaceAll(/[\s_]+/g, '-')
    .replace(/^k-/, '')
    .replace(/^dpmpp-2s-a$/, 'dpmpp-2s')
    .replace(/-a(?=-|$)/, '-ancestral')
    .replace(/^dpm-?2(?=-|$)/, 'kdpm2')
    .replace(/^uni-pc$/, 'unipc')
    .replace(/^plms$/, 'pndm');
}

/**
 * The sampler that reproduces the class a scheduler file names.
 *
 * @throws ConfigError where there is none yet
 */
export function defaultSampler(config: SchedulerConfig): SamplerName {
  const found = samplerNames.find((name) => samplers[name].schedulerClass === config.className);
  if (found !== undefined) return found;
  throw new ConfigError(
    'SAMPLER_FOR_CLASS',
    `the model's scheduler is ${config.className}, for which there is no sampler; choose a \`sampler\`: ${samplerNames.join(', ')}`,
  );
}

/**
 * A sampler over a model's noise schedule.
 *
 * @param options `name`: the method; without it, the one that the scheduler file names
 * @throws ConfigError where the settings and the method don't go together; TIMESTEPS, TIMESTEPS_SAMPLER
 */
export function createSampler(
  config: SchedulerConfig,
  { name = defaultSampler(config), ...options }: SamplerOptions & { readonly name?: SamplerName },
): Sampler {
  const method: SamplerMethod = samplers[name];
  const settings = { ...resolveSettings(config, method.defaults), ...method.settings };
  const schedule = new NoiseSchedule(settings);
  const { timesteps } = options;
  if (timesteps === undefined) return method.create(schedule, settings, options);
  requireTimesteps(timesteps, schedule.length);
  if (!samplersAtTimesteps.includes(name)) {
    throw new ConfigError(
      'TIMESTEPS_SAMPLER',
      `\`timesteps\`: the sampler ${name} finds its own; leave \`timesteps\` out, or choose one of ${samplersAtTimesteps.join(', ')}`,
    );
  }
  return method.create(schedule, settings, { ...options, steps: timesteps.length });
}
