/** @file Noise schedules and sampling trajectories of diffusers' schedulers. */
import * as z from 'zod';
import { invariant } from '../../../src/base/errors.ts';
import { NoiseSchedule } from '../../../src/diffusion/noise-schedule.ts';
import {
  createSampler,
  imageToImageStart,
  type Sampler,
  samplers,
} from '../../../src/diffusion/samplers/index.ts';
import { parseSchedulerConfig, resolveSettings } from '../../../src/diffusion/scheduler-config.ts';
import { float32, rowsOf, type Tensor } from '../../../src/tensor/tensor.ts';
import {
  type Check,
  compared,
  largestDifference,
  largestRelativeDifference,
  relativeL2,
  unsupported,
} from '../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../fixture.ts';

const caseSchema = z.looseObject({
  class: z.string(),
  config: z.record(z.string(), z.unknown()),
  steps: z.int(),
  timesteps: z.array(z.int()).optional(),
  step_args: z.object({ eta: z.number().optional() }).loose(),
  strength: z.number().nullable(),
  init_noise_sigma: z.number(),
});

/** One trajectory of a fixture: a scheduler's class, its settings, and how it is run. */
export type SchedulerCase = z.infer<typeof caseSchema>;

const casesSchema = z.record(z.string(), caseSchema);

/** σ, and ᾱ and β, which are made by a dozen float32 operations. */
const scheduleTolerance = 1e-5;
/** The reference's √(σ'² - up²) is a difference of near numbers in float32 where little noise is left. */
const ancestralTolerance = 1e-4;
/** Float32 rounding, grown over a trajectory. */
const trajectoryTolerance = 1e-4;
/** With a zero terminal SNR the first step divides by numbers near zero. */
const zeroSnrTolerance = 1e-3;

/** Latent diffusion's range of β. */
const latentRange = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };

/** Settings behind the names of the training side's tensors; the others are the class's own. */
const trainingSchedules: Readonly<Record<string, Record<string, unknown>>> = {
  linear: { beta_schedule: 'linear' },
  scaled_linear: latentRange,
  scaled_linear_zsnr: { ...latentRange, rescale_betas_zero_snr: true },
  squaredcos: { beta_schedule: 'squaredcos_cap_v2' },
};

/** Compares the training side and every trajectory of a fixture of schedulers. */
export async function checkSchedulers(folder: string): Promise<Check[]> {
  const tensors = await readFixtureTensors(folder);
  const cases = casesSchema.parse(await readFixtureJson(folder, 'cases.json'));
  return [
    ...checkTrainingSide(tensors),
    ...Object.entries(cases).flatMap(([name, each]) =>
      checkSchedulerCase(name, each, tensors).map((check) => ({ ...check, group: each.class })),
    ),
  ];
}

function checkTrainingSide(tensors: FixtureTensors): Check[] {
  return tensors
    .names()
    .filter((name) => name.startsWith('train/alphas_cumprod_'))
    .map((name) => name.replace('train/alphas_cumprod_', ''))
    .flatMap((kind) => checkTrainingSchedule(kind, tensors));
}

function checkTrainingSchedule(kind: string, tensors: FixtureTensors): Check[] {
  const stated = trainingSchedules[kind];
  if (stated === undefined)
    return [unsupported(`train/alphas_cumprod_${kind}`, 'unknown schedule')];
  const config = { _class_name: 'DDPMScheduler', ...stated };
  const schedule = new NoiseSchedule(resolveSettings(parseSchedulerConfig(config, kind)));
  const batch = [
    tensors.float32('train/latents'),
    tensors.float32('train/noise'),
    tensors.int32('train/timesteps'),
  ] as const;
  const actual = {
    betas: schedule.betas,
    alphas_cumprod: schedule.alphasCumprod,
    add_noise: schedule.addNoise(...batch).data,
    velocity: schedule.velocity(...batch).data,
  };
  return Object.entries(actual).map(([quantity, values]) => {
    const name = `train/${quantity}_${kind}`;
    return compared(name, relativeL2(values, tensors.float32(name).data), scheduleTolerance);
  });
}

/** Runs one case's network along our trajectory and compares every step with the reference's. */
export function checkSchedulerCase(
  name: string,
  {
    class: className,
    config,
    steps,
    timesteps,
    step_args,
    strength,
    init_noise_sigma,
  }: SchedulerCase,
  tensors: FixtureTensors,
): Check[] {
  const method = Object.values(samplers).find((each) => each.schedulerClass === className);
  if (method === undefined) return [unsupported(name, `no sampler for ${className} yet`)];
  const parsed = parseSchedulerConfig({ ...config, _class_name: className }, name);
  const sampler = createSampler(parsed, { steps, timesteps, eta: step_args.eta });
  const first = strength === null ? 0 : imageToImageStart(sampler, strength);
  const expected = (tensor: string) => tensors.float32(`${name}/${tensor}`);
  const start =
    strength === null
      ? scaled(expected('noise0'), sampler.initialNoiseSigma)
      : sampler.addNoise(expected('clean'), expected('noise0'), first);
  const noises = tensors.has(`${name}/step_noises`) ? rows(expected('step_noises')) : [];
  const trajectory = sample(sampler, { first, start, context: expected('model_c'), noises });
  const worstStep = Math.max(
    ...rows(expected('xs')).map((row, i) => relativeL2(trajectory[i]?.data ?? [], row.data)),
  );
  const tolerance = config.rescale_betas_zero_snr === true ? zeroSnrTolerance : trajectoryTolerance;
  const levels = className.startsWith('KDPM2Ancestral') ? ancestralTolerance : scheduleTolerance;
  const asked = { all: sampler.timesteps, used: sampler.timesteps.slice(first) };
  return [
    ...Object.entries(asked).map(([which, actual]) =>
      checkTimesteps(`${name}/timesteps_${which}`, actual, {
        expected: expected(`timesteps_${which}`).data,
        tolerance: levels,
      }),
    ),
    compared(
      `${name}/init_noise_sigma`,
      largestRelativeDifference([sampler.initialNoiseSigma], [init_noise_sigma]),
      scheduleTolerance,
    ),
    ...checkSigmas(`${name}/sigmas`, sampler, { tensors, tolerance: levels }),
    compared(`${name}/x_start`, relativeL2(start.data, expected('x_start').data), tolerance),
    compared(`${name}/xs`, worstStep, tolerance),
  ];
}

/** Whole timesteps must be equal; fractional ones are interpolated. */
function checkTimesteps(
  name: string,
  actual: readonly number[],
  { expected, tolerance }: { readonly expected: Float32Array; readonly tolerance: number },
): Check {
  const whole = expected.every(Number.isInteger);
  return whole
    ? compared(name, largestDifference(actual, expected), 0)
    : compared(name, largestRelativeDifference(actual, expected, 1), tolerance);
}

function checkSigmas(
  name: string,
  { sigmas }: Sampler,
  { tensors, tolerance }: { readonly tensors: FixtureTensors; readonly tolerance: number },
): Check[] {
  if (!tensors.has(name)) return [];
  const error = largestRelativeDifference(sigmas ?? [], tensors.float32(name).data);
  return [compared(name, error, tolerance)];
}

interface Trajectory {
  readonly first: number;
  readonly start: Tensor<'f32'>;
  readonly context: Tensor<'f32'>;
  readonly noises: Tensor<'f32'>[];
}

/** The samples after each step, with the fixture's stand-in for a network. */
function sample(sampler: Sampler, { first, start, context, noises }: Trajectory): Tensor<'f32'>[] {
  const step = sampler.begin();
  const drawNoise = () => {
    const noise = noises.shift();
    invariant(noise !== undefined, 'the sampler draws more noise than the reference');
    return noise;
  };
  let current = start;
  return sampler.timesteps.slice(first).map((timestep, i) => {
    const input = sampler.scaleInput(current, first + i);
    const output = network(input, timestep, context);
    current = step(current, output, first + i, drawNoise);
    return current;
  });
}

/** model(x, t) = 0.3·x·cos(t / 1000) + 0.1·context */
function network(input: Tensor<'f32'>, timestep: number, context: Tensor<'f32'>): Tensor<'f32'> {
  const factor = 0.3 * Math.cos(timestep / 1000);
  const values = input.data.map((value, i) => factor * value + 0.1 * (context.data[i] ?? 0));
  return float32(input.shape, values);
}

function scaled({ shape, data }: Tensor<'f32'>, factor: number): Tensor<'f32'> {
  return float32(
    shape,
    data.map((value) => value * factor),
  );
}

/** The entries along the first axis. */
function rows(stacked: Tensor<'f32'>): Tensor<'f32'>[] {
  const shape = stacked.shape.slice(1);
  return Array.from({ length: stacked.shape[0] ?? 0 }, (_, i) => ({
    ...rowsOf(stacked, i, i + 1),
    shape,
  }));
}
