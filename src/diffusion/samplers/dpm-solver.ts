/** @file One step of DPM-Solver++ (Lu et al. 2022, arXiv 2211.01095) of first or second order, deterministic or with noise. */
import { ConfigError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { combination, type Term } from '../combination.ts';
import type { SchedulerSettings } from '../scheduler-config.ts';
import type { CleanPoint, Rung } from './lambda-ladder.ts';
import type { DrawNoise } from './sampler.ts';

/** Where a step leads from, what is known there, and where it leads to. */
export interface SolverStep {
  /** Sample at `from`. */
  readonly sample: Tensor<'f32'>;
  readonly from: CleanPoint;
  readonly to: Rung;
  /** A second prediction of x₀, from which its derivative follows: makes the step second order. */
  readonly other?: CleanPoint | undefined;
}

/** A step for given settings; draws noise only where they say so. */
export type Solve = (step: SolverStep, drawNoise: DrawNoise) => Tensor<'f32'>;

/**
 * DPM-Solver++ of `algorithm_type` and `solver_type`.
 *
 * The exact solution (proposition 4.1) is x_t = σ_t/σ_s·x_s + σ_t·∫e^λ·x₀(λ)dλ from λ_s to λ_t = λ_s + h; x₀ is
 * expanded as m + m'·(λ - λ_s). The stochastic equation has e^2λ in place of e^λ, and the noise of its way.
 *
 * @throws ConfigError for orders and algorithms that are not supported
 */
export function dpmSolver(settings: SchedulerSettings): Solve {
  const { algorithm_type: algorithm, solver_type, solver_order } = settings;
  if (algorithm === 'dpmsolver' || algorithm === 'sde-dpmsolver') {
    throw new ConfigError(
      'SCHEDULER_UNSUPPORTED',
      `algorithm_type "${algorithm}" is not supported; state "${algorithm}++", or choose another sampler`,
    );
  }
  if (solver_order > 2) {
    throw new ConfigError(
      'SCHEDULER_UNSUPPORTED',
      `solver_order ${solver_order} is not supported by DPM-Solver++; state 1 or 2, or choose the unipc sampler`,
    );
  }
  const stochastic = algorithm === 'sde-dpmsolver++';
  const rate = stochastic ? 2 : 1;

  return ({ sample, from, to, other }, drawNoise) => {
    const h = to.lambda - from.rung.lambda;
    if (h === 0) return sample; // Karras' smallest level is also that of final_sigmas_type sigma_min
    const left = Math.exp(-rate * h);
    const kept = (to.sigma / from.rung.sigma) * (stochastic ? Math.exp(-h) : 1);
    const terms: Term[] = [[to.alpha * (1 - left), from.clean]];
    if (other !== undefined) {
      // h·m', where ∫ gives m' either half of m's weight, as if at the middle, or its exact weight
      const weight = solver_type === 'heun' ? 1 - (1 - left) / (rate * h) : (1 - left) / 2;
      const factor = (to.alpha * weight * h) / (other.rung.lambda - from.rung.lambda);
      terms.push([factor, other.clean], [-factor, from.clean]);
    }
    if (stochastic) terms.push([to.sigma * Math.sqrt(1 - left), drawNoise()]);
    return combination([kept, sample], ...terms);
  };
}
