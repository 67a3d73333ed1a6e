/** @file DPM-Solver++ single-step: higher order by predictions inside of each step (Lu et al. 2022, arXiv 2211.01095, algorithm 1). */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { SamplerMethod, Step } from '../sampler.ts';
import { lambdaLadder, lambdaSampler, type Point } from '../schedules/lambda-ladder.ts';
import { dpmSolver, type SolverStep } from './dpm-solver.ts';

/**
 * DPM-Solver++ single-step, counted in evaluations: a first-order step leads to the next level; each further evaluation
 * of the same step, up to `solver_order`, makes it anew from its start, one order higher and one level further. A last
 * step that would lead to no noise is first order.
 */
export const dpmppSinglestep: SamplerMethod = {
  schedulerClass: 'DPMSolverSinglestepScheduler',
  defaults: { timestep_spacing: 'linspace', lower_order_final: false },
  takesTimesteps: true,
  create(schedule, settings, { steps, timesteps }) {
    const { solver_order: highest, solver_type, prediction_type } = settings;
    const { point, solve } = dpmSolver(settings);
    const ladder = lambdaLadder(schedule, settings, { steps, timesteps });
    const firstAtEnd =
      settings.final_sigmas_type === 'zero' ||
      (settings.lower_order_final && steps % highest === 0);
    const orderAt = (index: number) =>
      firstAtEnd && index === steps - 1 ? 1 : (index % highest) + 1;

    /** What a step of the third order knows: its parabola, or without one the slope to the last evaluation. */
    const knownOf = (inside: readonly Point[]): Pick<SolverStep, 'others' | 'exactSlope'> =>
      inside.length === 2 && solver_type !== 'heun'
        ? { others: inside.slice(1), exactSlope: true }
        : { others: inside };

    function begin(): Step {
      let start: { sample: Tensor<'f32'>; points: readonly Point[] } | undefined;
      return (sample, output, index, drawNoise) => {
        const here = point(ladder.rung(index), prediction_type, sample, output);
        const order = orderAt(index);
        const goesOn = start !== undefined && order > 1;
        start =
          goesOn && start
            ? { ...start, points: [...start.points, here] }
            : { sample, points: [here] };
        const [from = here, ...inside] = start.points;
        const to = ladder.rung(index + 1);
        return solve({ sample: start.sample, from, to, ...knownOf(inside) }, drawNoise);
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};
