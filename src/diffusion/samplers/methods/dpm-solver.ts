/** @file One step of DPM-Solver (Lu et al. 2022, arXiv 2206.00927) and DPM-Solver++ (arXiv 2211.01095), of first to third order. */
import { ConfigError } from '../../../base/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination, type Term } from '../../combination.ts';
import type { PredictionType, SchedulerSettings } from '../../scheduler-config.ts';
import type { DrawNoise } from '../sampler.ts';
import { cleanPoint, noisePoint, type Point, type Rung } from '../schedules/lambda-ladder.ts';

/** Where a step leads from, what is known there, and where it leads to. */
export interface SolverStep {
  /** Sample at `from`. */
  readonly sample: Tensor<'f32'>;
  readonly from: Point;
  readonly to: Rung;
  /** Up to two further predictions, the nearest to `from` first: each raises the order by one. */
  readonly others?: readonly Point[];
  /** Whether m' of a single further prediction has its exact weight, whatever `solver_type` says. @default false */
  readonly exactSlope?: boolean;
  /** Share of m'' that counts. @default 1 */
  readonly curvature?: number;
}

/** What a solver expands, and its step; noise is drawn only where the settings say so. */
export interface Solver {
  /** Reads what is expanded from the network's answer at a rung: x₀, or ε. */
  readonly point: (
    rung: Rung,
    type: PredictionType,
    sample: Tensor<'f32'>,
    output: Tensor<'f32'>,
  ) => Point;
  readonly solve: (step: SolverStep, drawNoise: DrawNoise) => Tensor<'f32'>;
}

/** What multiplies the terms of a step over h in λ. */
interface Weights {
  readonly sample: number;
  /** Of the prediction m. */
  readonly value: number;
  /** Of h·m', exactly and as if all of it were in the middle. */
  readonly slope: number;
  readonly middleSlope: number;
  /** Of h²·m''. */
  readonly curvature: number;
  readonly noise?: number;
}

type Weigh = (from: Rung, to: Rung, h: number) => Weights;

/** x_t = σ_t/σ_s·x_s + σ_t·∫e^λ·x₀(λ)dλ (proposition 4.1 of DPM-Solver++). */
const ofClean: Weigh = (from, to, h) => {
  const left = Math.exp(-h);
  return {
    sample: to.sigma / from.sigma,
    value: to.alpha * (1 - left),
    slope: to.alpha * (1 - (1 - left) / h),
    middleSlope: (to.alpha * (1 - left)) / 2,
    curvature: to.alpha * ((1 - left - h) / h ** 2 + 1 / 2),
  };
};

/** x_t = α_t/α_s·x_s - α_t·∫e^-λ·ε(λ)dλ (proposition 3.1 of DPM-Solver). */
const ofNoise: Weigh = (from, to, h) => {
  const gained = Math.expm1(h);
  return {
    sample: to.alpha / from.alpha,
    value: -to.sigma * gained,
    slope: -to.sigma * (gained / h - 1),
    middleSlope: (-to.sigma * gained) / 2,
    curvature: -to.sigma * ((gained - h) / h ** 2 - 1 / 2),
  };
};

/**
 * The stochastic equation of x₀ has e^2λ in place of e^λ, and the noise of its way. The last weight is the one of the
 * published code, whose sign of 1/2 is that of the other equation: results equal its results.
 */
const ofCleanWithNoise: Weigh = (from, to, h) => {
  const left = Math.exp(-2 * h);
  return {
    sample: (to.sigma / from.sigma) * Math.exp(-h),
    value: to.alpha * (1 - left),
    slope: to.alpha * (1 - (1 - left) / (2 * h)),
    middleSlope: (to.alpha * (1 - left)) / 2,
    curvature: to.alpha * ((1 - left - 2 * h) / (2 * h) ** 2 - 1 / 2),
    noise: to.sigma * Math.sqrt(1 - left),
  };
};

/** The stochastic equation of ε: twice its way, and the noise of it. */
const ofNoiseWithNoise: Weigh = (from, to, h) => {
  const { sample, value, slope, middleSlope } = ofNoise(from, to, h);
  return {
    sample,
    value: 2 * value,
    slope: 2 * slope,
    middleSlope: 2 * middleSlope,
    curvature: Number.NaN, // has no third order (dpmSolver)
    noise: to.sigma * Math.sqrt(Math.expm1(2 * h)),
  };
};

const weighings = {
  'dpmsolver++': ofClean,
  'sde-dpmsolver++': ofCleanWithNoise,
  dpmsolver: ofNoise,
  'sde-dpmsolver': ofNoiseWithNoise,
  deis: ofClean, // what diffusers' class makes of a file of DEIS
} as const satisfies Record<SchedulerSettings['algorithm_type'], Weigh>;

/**
 * DPM-Solver of `algorithm_type` and `solver_type`: what is predicted is expanded in λ as m + m'·(λ - λ_s) +
 * m''·(λ - λ_s)²/2, and the exact solution from λ_s to λ_t = λ_s + h integrates that.
 *
 * @throws ConfigError where no such solver exists
 */
export function dpmSolver(settings: SchedulerSettings): Solver {
  const { algorithm_type: algorithm, solver_type, solver_order, final_sigmas_type } = settings;
  const followsNoise = algorithm === 'dpmsolver' || algorithm === 'sde-dpmsolver';
  if (followsNoise && final_sigmas_type === 'zero') {
    throw unsupported(
      `algorithm_type "${algorithm}" does not reach a final level of zero; state final_sigmas_type "sigma_min", or algorithm_type "${algorithm}++"`,
    );
  }
  if (algorithm === 'sde-dpmsolver' && solver_order > 2) {
    throw unsupported(
      `solver_order ${solver_order} does not exist for algorithm_type "${algorithm}"; state 1 or 2`,
    );
  }
  const weigh: Weigh = weighings[algorithm];

  const solve: Solver['solve'] = (step, drawNoise) => {
    const { sample, from, to, others = [], exactSlope = false, curvature = 1 } = step;
    const h = to.lambda - from.rung.lambda;
    if (h === 0) return sample; // Karras' smallest level is also that of final_sigmas_type sigma_min
    const weights = weigh(from.rung, to, h);
    const isExact = exactSlope || others.length > 1 || solver_type === 'heun';
    const terms: Term[] = [[weights.value, from.value]];
    const [near, far] = others;
    if (near !== undefined) {
      const slope = (isExact ? weights.slope : weights.middleSlope) * h;
      terms.push(...scaled(slope, divided(from, near)));
      if (far !== undefined) {
        // The parabola through three points: its slope at `from` is [0, 1] + (λ₀ - λ₁)·[0, 1, 2].
        const bend = slope * (from.rung.lambda - near.rung.lambda);
        const share = curvature * weights.curvature * 2 * h ** 2;
        terms.push(...scaled(bend + share, dividedTwice(from, near, far)));
      }
    }
    if (weights.noise !== undefined) terms.push([weights.noise, drawNoise()]);
    return combination([weights.sample, sample], ...terms);
  };
  return { point: followsNoise ? noisePoint : cleanPoint, solve };
}

type Scaled = readonly (readonly [factor: number, tensor: Tensor<'f32'>])[];

/** [0, 1], the first divided difference: m'. */
function divided(a: Point, b: Point): Scaled {
  const length = b.rung.lambda - a.rung.lambda;
  return [
    [1 / length, b.value],
    [-1 / length, a.value],
  ];
}

/** [0, 1, 2], the second divided difference: m''/2. */
function dividedTwice(a: Point, b: Point, c: Point): Scaled {
  const length = c.rung.lambda - a.rung.lambda;
  return [...scaled(1 / length, divided(b, c)), ...scaled(-1 / length, divided(a, b))];
}

function scaled(factor: number, terms: Scaled): Scaled {
  return terms.map(([own, tensor]) => [factor * own, tensor]);
}

function unsupported(message: string): ConfigError {
  return new ConfigError('SCHEDULER_UNSUPPORTED', `${message}, or choose the unipc sampler`);
}
