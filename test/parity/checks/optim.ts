/** @file Optimisers, learning-rate schedules, clipping and min-SNR weights of torch and diffusers. */
import * as z from 'zod';
import { minSnrWeight } from '../../../src/diffusion/loss-weights.ts';
import { offsetNoise } from '../../../src/diffusion/noise-offset.ts';
import { NoiseSchedule } from '../../../src/diffusion/noise-schedule.ts';
import { type PredictionType, resolveSettings } from '../../../src/diffusion/scheduler-config.ts';
import { adafactor } from '../../../src/optim/adafactor.ts';
import { adamw } from '../../../src/optim/adamw.ts';
import { clipGradients } from '../../../src/optim/clipping.ts';
import { type LearningRateName, learningRateSchedule } from '../../../src/optim/learning-rate.ts';
import { decayAt, startAverage, updateAverage } from '../../../src/optim/moving-average.ts';
import type { Optimizer } from '../../../src/optim/optimizer.ts';
import { sgd } from '../../../src/optim/sgd.ts';
import { float32, rowsOf, type Tensor, tensor } from '../../../src/tensor/tensor.ts';
import { type Check, compared, largestRelativeDifference, unsupported } from '../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../fixture.ts';

const averageSchema = z.looseObject({
  args: z.strictObject({
    decay: z.number(),
    use_ema_warmup: z.literal(true).optional(),
    inv_gamma: z.literal(1).optional(),
    power: z.number().optional(),
  }),
  decay_at_step: z.array(z.number()),
});

const casesSchema = z.looseObject({
  optimisers: z.record(
    z.string(),
    z.object({ class: z.string(), args: z.record(z.string(), z.unknown()) }),
  ),
  lr_schedules: z.record(
    z.string(),
    z.object({
      name: z.string(),
      args: z.looseObject({
        base_lr: z.number(),
        num_training_steps: z.int(),
        num_warmup_steps: z.int().optional(),
        num_cycles: z.number().optional(),
        power: z.number().optional(),
        step_rules: z.string().optional(),
      }),
      lr_used_at_step: z.array(z.number()),
    }),
  ),
  min_snr_gamma: z.number(),
  noise_offset: z.number(),
  ema_plain: averageSchema,
  ema_warmup: averageSchema,
});

type Cases = z.infer<typeof casesSchema>;

const adamWArguments = z.strictObject({
  lr: z.number(),
  betas: z.tuple([z.number(), z.number()]),
  eps: z.number(),
  weight_decay: z.number(),
});

const sgdArguments = z.strictObject({
  lr: z.number(),
  momentum: z.number().default(0),
  dampening: z.number().default(0),
  nesterov: z.boolean().default(false),
  weight_decay: z.number().default(0),
});

/** With a learning rate of its own it is not ours: rates come from schedules. */
const adafactorArguments = z.strictObject({
  lr: z.number(),
  scale_parameter: z.literal(false),
  relative_step: z.literal(false),
  warmup_init: z.literal(false),
});

/** Twelve float32 updates; relative to values of at least 0.1, so 1e-6 absolute. */
const parameterTolerance = 1e-5;
const parameterFloor = 0.1;
/** Schedules are computed in double on both sides. */
const rateTolerance = 1e-9;
const clippingTolerance = 1e-6;
/** One product and one sum of float32 values. */
const noiseOffsetTolerance = 1e-7;
/** Ratios of float32 values. */
const minSnrTolerance = 1e-5;
/** ᾱ near a zero terminal SNR is a difference of nearly equal roots, whose rounding differs by machine. */
const zeroSnrTolerance = 1e-3;

/** diffusers' names for what is a schedule and its warm-up here. */
const scheduleNames: Readonly<Record<string, LearningRateName>> = {
  constant: 'constant',
  constant_with_warmup: 'constant',
  cosine: 'cosine',
  cosine_with_restarts: 'cosine-with-restarts',
  linear: 'linear',
  piecewise_constant: 'piecewise',
  polynomial: 'polynomial',
};

/** Compares everything of a fixture of optimisers. */
export async function checkOptim(folder: string): Promise<Check[]> {
  const tensors = await readFixtureTensors(folder);
  const json = await readFixtureJson(folder, 'cases.json');
  const cases = casesSchema.parse(json);
  return [
    ...Object.entries(cases.optimisers).flatMap(([name, { class: className, args }]) =>
      checkOptimizer(`opt_${name}`, className, args, tensors),
    ),
    ...Object.entries(cases.lr_schedules).map(([name, each]) => checkSchedule(name, each)),
    ...['clip_above', 'clip_below'].flatMap((group) => {
      const maxNorm = z.looseObject({ [`${group}_max_norm`]: z.number() }).parse(json);
      return checkClipping(group, Number(maxNorm[`${group}_max_norm`]), tensors);
    }),
    ...checkMinSnr(cases.min_snr_gamma, tensors),
    checkNoiseOffset(cases.noise_offset, tensors),
    ...checkAverage('ema_plain', cases.ema_plain, tensors),
    ...checkAverage('ema_warmup', cases.ema_warmup, tensors),
  ];
}

function checkOptimizer(
  group: string,
  className: string,
  args: Record<string, unknown>,
  tensors: FixtureTensors,
): Check[] {
  const optimizer = optimizerOf(className, args);
  if (optimizer === undefined) {
    const settings = Object.keys(args).join(', ');
    return [unsupported(group, `no optimiser ${className} (${settings}) yet`)];
  }
  return checkTrajectory(group, optimizer, Number(args.lr), tensors);
}

/** Ours with the reference's settings, where we have one that takes them all. */
function optimizerOf(className: string, args: Record<string, unknown>): Optimizer | undefined {
  switch (className) {
    case 'torch.AdamW': {
      const { data } = adamWArguments.safeParse(args);
      if (data === undefined) return undefined;
      const [beta1, beta2] = data.betas;
      return adamw({ beta1, beta2, epsilon: data.eps, weightDecay: data.weight_decay });
    }
    case 'torch.SGD': {
      const { momentum, dampening, nesterov, weight_decay } = sgdArguments.parse(args);
      return sgd({ momentum, dampening, nesterov, weightDecay: weight_decay });
    }
    case 'transformers.Adafactor':
      return adafactorArguments.safeParse(args).success ? adafactor() : undefined;
    default:
      return undefined;
  }
}

function checkTrajectory(
  group: string,
  optimizer: Optimizer,
  learningRate: number,
  tensors: FixtureTensors,
): Check[] {
  const names = tensors
    .names()
    .filter((name) => name.startsWith('input/'))
    .map((name) => name.replace('input/', ''));
  const parameters = new Map(names.map((name) => [name, copyOf(tensors.float32(`input/${name}`))]));
  const state = optimizer.init(parameters);
  const worst = new Map(names.map((name) => [name, 0]));
  const steps = tensors.float32(`input_grads/${names[0]}`).shape[0] ?? 0;
  for (let step = 0; step < steps; step++) {
    const row = (name: string) => entry(tensors.float32(name), step);
    const gradients = new Map(names.map((name) => [name, row(`input_grads/${name}`)]));
    optimizer.update(parameters, gradients, state, learningRate);
    for (const [name, { data }] of parameters) {
      const expected = row(`${group}/${name}`).data;
      const error = largestRelativeDifference(data, expected, parameterFloor);
      worst.set(name, Math.max(worst.get(name) ?? 0, error));
    }
  }
  return [...worst].map(([name, error]) => compared(`${group}/${name}`, error, parameterTolerance));
}

function checkSchedule(
  name: string,
  { name: kind, args, lr_used_at_step }: Cases['lr_schedules'][string],
): Check {
  const known = scheduleNames[kind];
  if (known === undefined) return unsupported(`lr/${name}`, `${kind} not yet`);
  const rateAt = learningRateSchedule({
    name: known,
    rate: args.base_lr,
    totalSteps: args.num_training_steps,
    warmupSteps: args.num_warmup_steps ?? 0,
    ...(args.num_cycles === undefined ? {} : { cycles: args.num_cycles }),
    ...(args.power === undefined ? {} : { power: args.power }),
    ...(args.step_rules === undefined ? {} : { rules: args.step_rules }),
  });
  const rates = lr_used_at_step.map((_, step) => rateAt(step));
  const error = largestRelativeDifference(rates, lr_used_at_step, args.base_lr);
  return compared(`lr/${name}`, error, rateTolerance);
}

function checkClipping(group: string, maxNorm: number, tensors: FixtureTensors): Check[] {
  const names = tensors
    .names()
    .filter((name) => name.startsWith(`${group}/grad_`))
    .map((name) => name.replace(`${group}/grad_`, ''));
  const gradients = new Map(
    names.map((name) => [name, copyOf(tensors.float32(`${group}/grad_${name}`))]),
  );
  const norm = clipGradients(gradients, maxNorm);
  const expectedNorm = tensors.float32(`${group}/total_norm`).data;
  return [
    compared(
      `${group}/total_norm`,
      largestRelativeDifference([norm], expectedNorm),
      clippingTolerance,
    ),
    ...[...gradients].map(([name, { data }]) => {
      const expected = tensors.float32(`${group}/clipped_${name}`).data;
      const error = largestRelativeDifference(data, expected);
      return compared(`${group}/clipped_${name}`, error, clippingTolerance);
    }),
  ];
}

const minSnrGroups: Readonly<Record<string, PredictionType>> = {
  min_snr_eps: 'epsilon',
  min_snr_v: 'v_prediction',
};

function checkMinSnr(gamma: number, tensors: FixtureTensors): Check[] {
  return tensors
    .names()
    .filter((name) => name.startsWith('min_snr_') || name.startsWith('snr/'))
    .map((name) => {
      const [group = '', kind = ''] = name.split('/');
      const schedule = new NoiseSchedule(
        resolveSettings({
          className: 'DDPMScheduler',
          stated: {
            beta_start: 0.00085,
            beta_end: 0.012,
            beta_schedule: 'scaled_linear',
            rescale_betas_zero_snr: kind.endsWith('zsnr'),
          },
        }),
      );
      const predictionType = minSnrGroups[group];
      const values = Array.from({ length: schedule.length }, (_, timestep) =>
        predictionType === undefined
          ? schedule.signalToNoise(timestep)
          : minSnrWeight({ gamma, schedule, predictionType }, timestep),
      );
      const error = largestRelativeDifference(values, tensors.float32(name).data, 1e-3);
      const tolerance = kind.endsWith('zsnr') ? zeroSnrTolerance : minSnrTolerance;
      return compared(name, error, tolerance);
    });
}

function checkNoiseOffset(strength: number, tensors: FixtureTensors): Check {
  const normals = tensors.float32('noise_offset/offset_normal').data;
  const { data } = offsetNoise(tensors.float32('noise_offset/noise'), normals, strength);
  const error = largestRelativeDifference(data, tensors.float32('noise_offset/result').data);
  return compared('noise_offset/result', error, noiseOffsetTolerance);
}

/** The parameter w moves by its gradients; its average is compared after every step. */
function checkAverage(
  name: 'ema_plain' | 'ema_warmup',
  { args, decay_at_step }: Cases['ema_plain'],
  tensors: FixtureTensors,
): Check[] {
  const options = { decay: args.decay, power: args.power };
  const decays = decay_at_step.map((_, step) => decayAt(step + 1, options));
  const parameters = new Map([['w', copyOf(tensors.float32('input/w'))]]);
  const average = startAverage(parameters);
  const values = decays.flatMap((decay, step) => {
    const { data: movement } = entry(tensors.float32('input_grads/w'), step);
    parameters.get('w')?.data.forEach((value, i, data) => {
      data[i] = value + (movement[i] ?? 0);
    });
    updateAverage(average, parameters, decay);
    return [...(average.get('w')?.data ?? [])];
  });
  const expected = tensors.float32(`${name}/shadow`).data;
  return [
    compared(`${name}/decay`, largestRelativeDifference(decays, decay_at_step), rateTolerance),
    compared(
      `${name}/shadow`,
      largestRelativeDifference(values, expected, parameterFloor),
      parameterTolerance,
    ),
  ];
}

function copyOf({ shape, data }: Tensor<'f32'>): Tensor<'f32'> {
  return float32(shape, data);
}

/** Entry `index` along the first axis, without that axis. */
function entry(stacked: Tensor<'f32'>, index: number): Tensor<'f32'> {
  return tensor('f32', stacked.shape.slice(1), rowsOf(stacked, index, index + 1).data);
}
