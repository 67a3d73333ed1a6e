/** @file DPM-Solver++(2S): second order by a prediction in the middle of each step (Lu et al. 2022, arXiv 2211.01095, algorithm 1). */
import type { Tensor } from '../../tensor/tensor.ts';
import { dpmSolver } from './dpm-solver.ts';
import { type CleanPoint, cleanPoint, lambdaLadder, lambdaSampler } from './lambda-ladder.ts';
import type { SamplerMethod, Step } from './sampler.ts';

/**
 * DPM-Solver++ single-step, counted in evaluations: at even indices a first-order step leads to the middle, at odd
 * ones the whole step is made from its start. A last step that would lead to no noise is first order.
 */
export const dpmpp2s: SamplerMethod = {
  schedulerClass: 'DPMSolverSinglestepScheduler',
  defaults: { timestep_spacing: 'linspace', lower_order_final: false },
  create(schedule, settings, { steps }) {
    const solve = dpmSolver(settings);
    const ladder = lambdaLadder(schedule, settings, steps);
    const lowerAtEnd = settings.lower_order_final || settings.final_sigmas_type === 'zero';
    const isSecondHalf = (index: number) =>
      settings.solver_order === 2 && index % 2 === 1 && !(lowerAtEnd && index === steps - 1);

    function begin(): Step {
      let start: { sample: Tensor<'f32'>; point: CleanPoint } | undefined;
      return (sample, output, index, drawNoise) => {
        const point = cleanPoint(ladder.rung(index), settings.prediction_type, sample, output);
        const to = ladder.rung(index + 1);
        if (start !== undefined && isSecondHalf(index)) {
          return solve({ sample: start.sample, from: start.point, to, other: point }, drawNoise);
        }
        start = { sample, point };
        return solve({ sample, from: point, to }, drawNoise);
      };
    }

    return lambdaSampler(ladder, { steps, begin });
  },
};
